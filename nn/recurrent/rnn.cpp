#include "nn/recurrent/rnn.h"

#include "autograd/ops/matmul.h"
#include "autograd/zip/elementwise.h"

namespace heed {

RnnCell::RnnCell(int64_t input, int64_t hidden, Rng& rng, bool bias)
    : weight_ih(init::fan_in_uniform({hidden, input}, hidden, rng)),
      weight_hh(init::fan_in_uniform({hidden, hidden}, hidden, rng)) {
  if (!bias) return;
  bias_ih = init::fan_in_uniform({hidden}, hidden, rng);
  bias_hh = init::fan_in_uniform({hidden}, hidden, rng);
}

Tensor RnnCell::project(const Tensor& x) const { return linear(x, weight_ih, bias_ih ? bias_ih + bias_hh : bias_ih); }

State RnnCell::step(const Tensor& projected, const State& state) const {
  check_step("RnnCell", projected, state, 1, false);
  return {tanh(linear_onto(projected, state.h, weight_hh)), {}};
}

}  // namespace heed
