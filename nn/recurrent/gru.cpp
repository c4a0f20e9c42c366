#include "nn/recurrent/gru.h"

#include "autograd/ops/matmul.h"
#include "autograd/views/views.h"
#include "autograd/zip/zip.h"

namespace heed {

GruCell::GruCell(int64_t input, int64_t hidden, Rng& rng, bool bias)
    : weight_ih(init::fan_in_uniform({3 * hidden, input}, hidden, rng)),
      weight_hh(init::fan_in_uniform({3 * hidden, hidden}, hidden, rng)) {
  if (!bias) return;
  bias_ih = init::fan_in_uniform({3 * hidden}, hidden, rng);
  bias_hh = init::fan_in_uniform({3 * hidden}, hidden, rng);
}

Tensor GruCell::project(const Tensor& x) const { return linear(x, weight_ih, bias_ih); }

State GruCell::step(const Tensor& projected, const State& state) const {
  check_step("GruCell", projected, state, 3, false);
  const std::vector<Tensor> input = chunk(projected, 3, 1);
  const std::vector<Tensor> recurrent = chunk(linear(state.h, weight_hh, bias_hh), 3, 1);
  const auto gates = [](auto xr, auto xz, auto xn, auto hr, auto hz, auto hn, auto h) {
    auto r = sigmoid(xr + hr);
    auto z = sigmoid(xz + hz);
    auto n = tanh(xn + r * hn);
    return (1 - z) * n + z * h;
  };
  return {zip("gru", gates, input[0], input[1], input[2], recurrent[0], recurrent[1], recurrent[2], state.h), {}};
}

}  // namespace heed
