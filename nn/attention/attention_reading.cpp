#include "nn/attention/attention_reading.h"

#include <algorithm>

#include "autograd/ops/matmul.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed {
namespace {

// The position that a line of weights chooses, -1 if they are all zero.
int64_t choose(std::span<const double> weights, Rng* rng) {
  const auto largest = std::max_element(weights.begin(), weights.end());
  if (largest == weights.end() || *largest == 0) return -1;
  return rng ? rng->categorical(weights) : largest - weights.begin();
}

Tensor choose_all(const Tensor& alpha, Rng* rng) {
  const std::vector<double> weights = alpha.to_vector();
  const size_t positions = static_cast<size_t>(alpha.size(-1));
  std::vector<double> onehot(weights.size(), 0);
  for (size_t line = 0; line < weights.size(); line += positions) {
    const int64_t chosen = choose({weights.data() + line, positions}, rng);
    if (chosen >= 0) onehot[line + static_cast<size_t>(chosen)] = 1;
  }
  return Tensor::from(onehot, alpha.shape(), alpha.dtype());
}

}  // namespace

Tensor HardReading::operator()(const Tensor& alpha) const {
  const Tensor onehot = choose_all(alpha, rng);
  if (!expected) return onehot;
  const auto mix = [](auto share, auto drawn, auto a) { return drawn + share * (a - drawn); };
  return zip("hard reading", mix, to(expected, alpha.dtype()), onehot, alpha);
}

Tensor GivenReading::operator()(const Tensor& alpha) const {
  if (!(onehot.shape() == alpha.shape()))
    throw Error("GivenReading: the choice {} does not fit the alignment {}", describe(onehot),
                describe(alpha));
  return to(onehot, alpha.dtype());
}

Tensor read(const Tensor& weights, const Tensor& keys) {
  if (weights.rank() == 3) return matmul(weights, keys);
  return squeeze(matmul(unsqueeze(weights, 1), keys), 1);
}

}  // namespace heed
