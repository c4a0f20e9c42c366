#include "nn/recurrent/gru_cho.h"

#include "autograd/ops/matmul.h"
#include "autograd/views/views.h"
#include "autograd/zip/zip.h"

namespace heed {

GruChoCell::GruChoCell(int64_t input, int64_t hidden, Rng& rng, bool with_bias)
    : weight_ih(init::fan_in_uniform({3 * hidden, input}, hidden, rng)),
      weight_hh_gates(init::fan_in_uniform({2 * hidden, hidden}, hidden, rng)),
      weight_hh_candidate(init::fan_in_uniform({hidden, hidden}, hidden, rng)) {
  if (with_bias) bias = init::fan_in_uniform({3 * hidden}, hidden, rng);
}

Tensor GruChoCell::project(const Tensor& x) const { return linear(x, weight_ih, bias); }

State GruChoCell::step(const Tensor& projected, const State& state) const {
  check_step("GruChoCell", projected, state, 3, false);
  const std::vector<Tensor> input = chunk(projected, 3, 1);
  const std::vector<Tensor> recurrent = chunk(linear(state.h, weight_hh_gates), 2, 1);
  const auto gates = [](auto xz, auto xr, auto hz, auto hr, auto h) {
    auto update = sigmoid(xz + hz);
    auto reset = sigmoid(xr + hr);
    return std::tuple(update, reset * h);
  };
  const auto renew = [](auto z, auto xh, auto uh, auto h) { return (1 - z) * h + z * tanh(xh + uh); };

  const auto [z, kept] = zip("gru_cho gates", gates, input[0], input[1], recurrent[0], recurrent[1], state.h);
  return {zip("gru_cho", renew, z, input[2], linear(kept, weight_hh_candidate), state.h), {}};
}

}  // namespace heed
