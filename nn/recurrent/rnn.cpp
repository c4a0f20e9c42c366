#include "nn/recurrent/rnn.h"

#include "autograd/ops/matmul.h"

namespace heed {

RnnCell::RnnCell(int64_t input, int64_t hidden, Rng& rng, bool bias)
    : weight_ih(recurrent_init({hidden, input}, hidden, rng)),
      weight_hh(recurrent_init({hidden, hidden}, hidden, rng)) {
  if (!bias) return;
  bias_ih = recurrent_init({hidden}, hidden, rng);
  bias_hh = recurrent_init({hidden}, hidden, rng);
}

Tensor RnnCell::project(const Tensor& x) const {
  return linear(x, weight_ih, bias_ih ? bias_ih + bias_hh : bias_ih);
}

State RnnCell::step(const Tensor& projected, const State& state) const {
  return {tanh(linear_onto(projected, state.h, weight_hh)), {}};
}

}  // namespace heed
