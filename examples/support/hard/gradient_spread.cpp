#include "examples/support/hard/gradient_spread.h"

#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"
#include "examples/support/process/interrupt.h"

namespace heed::support {

GradientSpread gradient_spread(const std::function<Tensor(Rng& random)>& loss, const std::vector<Tensor>& of,
                               int64_t draws, const Rng& random, ThreadPool& pool) {
  if (draws < 2) throw Error("gradient_spread: {} draws have no variance; it takes at least 2", draws);
  std::vector<std::vector<double>> gradients(static_cast<size_t>(draws));
  pool.run(draws, [&](int64_t k) {
    support::stop_if_interrupted();
    Rng mine = random.split(static_cast<uint64_t>(k));
    Tape tape;
    const Gradients found = tape.gradients(loss(mine), of);
    for (const Tensor& g : found) {
      const std::vector<double> values = g.to_vector();
      auto& all = gradients[static_cast<size_t>(k)];
      all.insert(all.end(), values.begin(), values.end());
    }
  });
  const auto n = static_cast<double>(draws);
  GradientSpread spread;
  for (size_t i = 0; i < gradients[0].size(); ++i) {
    double mean = 0, square = 0;
    for (const auto& g : gradients) mean += g[i] / n;
    for (const auto& g : gradients) square += (g[i] - mean) * (g[i] - mean);
    spread.mean.push_back(mean);
    spread.variance += square / (n - 1);
    spread.squared += mean * mean - square / (n - 1) / n;
  }
  return spread;
}

}  // namespace heed::support
