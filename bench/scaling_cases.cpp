// How the time of a training step grows when the batch, the sequence or the state doubles: a GRU layer, and
// the exponent p of  time ~ size^p  fitted by least squares to the logarithms. With batch and length it
// should be 1, with the hidden size between 1 (gates) and 2 (products); below, the smaller steps are not fast
// enough for their size.
#include <algorithm>
#include <cmath>

#include <fmt/ranges.h>

#include "autograd/ops/reduce.h"
#include "bench/measure.h"
#include "nn/losses/losses.h"
#include "nn/recurrent/gru.h"
#include "nn/recurrent/recurrent.h"

namespace heed::bench {
namespace {

struct Size {
  int64_t batch = 32, steps = 20, hidden = 256;
};

double step_seconds(const Size& size, const Options& options) {
  Rng rng(1);
  const Recurrent<GruCell> layer(size.hidden, size.hidden, {}, rng);
  Recurrent<GruCell> trained = layer;
  Trainer trainer(options, Parameters(trained));
  std::vector<Tensor> x, target;
  for (int shard = 0; shard < options.threads; ++shard) {
    const int64_t b = size.batch * (shard + 1) / options.threads - size.batch * shard / options.threads;
    x.push_back(rng.uniform({size.steps, b, size.hidden}, -1, 1));
    target.push_back(rng.uniform({size.steps * b, size.hidden}, -0.5, 0.5));
  }
  const auto step = [&] {
    trainer.step([&](int shard) {
      const auto k = static_cast<size_t>(shard);
      return mse(trained(pack(x[k])).outputs.rows, target[k]);
    });
  };
  step();
  std::vector<double> seconds;
  for (const double begin = now(); now() - begin < options.min_time / 4 || seconds.size() < 5;) {
    const double start = now();
    step();
    seconds.push_back(now() - start);
  }
  std::nth_element(seconds.begin(), seconds.begin() + static_cast<int64_t>(seconds.size() / 2), seconds.end());
  return seconds[seconds.size() / 2];
}

double fitted_exponent(const std::vector<double>& sizes, const std::vector<double>& times) {
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    const double x = std::log(sizes[i]), y = std::log(times[i]);
    sx += x, sy += y, sxx += x * x, sxy += x * y;
  }
  const auto n = static_cast<double>(sizes.size());
  return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

std::string scaling(const std::string& name, int64_t Size::*which, const Options& options) {
  std::vector<double> sizes, times;
  Size size;
  size.*which /= 2;
  for (int doubling = 0; doubling < 4; ++doubling, size.*which *= 2) {
    sizes.push_back(static_cast<double>(size.*which));
    times.push_back(1e3 * step_seconds(size, options));
  }
  return fmt::format(R"({{"peer":"heed","case":"{}","threads":{},"sizes":[{}],)"
                     R"("median_ms_each":[{:.4g}],"exponent":{:.3f}}})",
                     name, options.threads, fmt::join(sizes, ","), fmt::join(times, ","),
                     fitted_exponent(sizes, times));
}

}  // namespace

void add_scaling_cases(std::vector<Entry>& to) {
  const std::pair<const char*, int64_t Size::*> axes[] = {
      {"scaling_batch", &Size::batch}, {"scaling_length", &Size::steps}, {"scaling_hidden", &Size::hidden}};
  for (const auto& [name, which] : axes)
    to.push_back({name, false, [name = std::string(name), which = which](const Options& options) {
                    Case result;
                    result.own_line = [=] { return scaling(name, which, options); };
                    return result;
                  }});
}

}  // namespace heed::bench
