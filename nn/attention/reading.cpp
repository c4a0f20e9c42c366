#include "nn/attention/reading.h"

#include <algorithm>
#include <cmath>

#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed {
namespace {

// The position that a line of weights chooses, -1 if they are all zero.
int64_t choose(std::span<const double> weights, Rng* rng) {
  for (const double weight : weights)
    if (std::isnan(weight)) throw Error("HardReading: a weight is NaN; the scores it comes from are broken");
  const auto largest = std::max_element(weights.begin(), weights.end());
  if (largest == weights.end() || *largest == 0) return -1;
  return rng ? rng->categorical(weights) : largest - weights.begin();
}

}  // namespace

Tensor HardReading::operator()(const Tensor& alpha) const {
  check_defined("HardReading", alpha);
  if (alpha.rank() == 0) throw Error("HardReading: wants weights [n, W], got {}", describe(alpha));
  const std::vector<double> weights = alpha.to_vector();
  const size_t positions = static_cast<size_t>(alpha.size(-1));
  std::vector<double> onehot(weights.size(), 0);
  for (size_t line = 0; line < weights.size(); line += positions) {
    const int64_t chosen = choose({weights.data() + line, positions}, rng);
    if (chosen >= 0) onehot[line + static_cast<size_t>(chosen)] = 1;
  }
  const Tensor drawn = Tensor::from(onehot, alpha.shape(), alpha.dtype());
  if (!expected) return drawn;
  const auto mix = [](auto share, auto a, auto choice) { return share * a + (1 - share) * choice; };
  return zip("hard_reading", mix, to(expected, alpha.dtype()), alpha, drawn);
}

}  // namespace heed
