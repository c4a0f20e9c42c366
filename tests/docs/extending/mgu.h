// mgu.h: the minimal gated unit (Zhou, Wu, Zhang, Zhou 2016, section 3), a GRU of which both gates are one.
//
//     f = sigmoid(W_f x + U_f h + b_f)
//     h~ = tanh(W_h x + U_h (f * h) + b_h)
//     h' = (1 - f) * h + f * h~
#pragma once

#include "autograd/ops/matmul.h"
#include "autograd/zip/zip.h"
#include "nn/recurrent/cell.h"

namespace heed {

struct MguCell {
  Tensor weight_ih;            // [2H, I], rows f, h: W_f, W_h
  Tensor weight_hh_gate;       // [H, H]: U_f
  Tensor weight_hh_candidate;  // [H, H]: U_h
  Tensor bias;                 // [2H] or undefined, rows f, h

  MguCell() = default;
  MguCell(int64_t input, int64_t hidden, Rng& rng, bool with_bias = true)
      : weight_ih(init::fan_in_uniform({2 * hidden, input}, hidden, rng)),
        weight_hh_gate(init::fan_in_uniform({hidden, hidden}, hidden, rng)),
        weight_hh_candidate(init::fan_in_uniform({hidden, hidden}, hidden, rng)) {
    if (with_bias) bias = init::fan_in_uniform({2 * hidden}, hidden, rng);
  }
  int64_t hidden_size() const { return weight_hh_gate.size(1); }

  Tensor project(const Tensor& x) const { return linear(x, weight_ih, bias); }  // [.., I] -> [.., 2H]
  State step(const Tensor& projected, const State& state) const {               // [B, 2H], h [B, H]
    const auto gate = [](auto xf, auto hf, auto h) {
      auto f = sigmoid(xf + hf);
      return std::tuple(f, f * h);
    };
    const auto renew = [](auto f, auto xh, auto uh, auto h) { return (1 - f) * h + f * tanh(xh + uh); };

    const std::vector<Tensor> input = chunk(projected, 2, 1);
    const auto [f, kept] = zip("mgu gate", gate, input[0], linear(state.h, weight_hh_gate), state.h);
    return {zip("mgu", renew, f, input[1], linear(kept, weight_hh_candidate), state.h), {}};
  }
  void parts(auto& visit) {
    visit("weight_ih", weight_ih);
    visit("weight_hh_gate", weight_hh_gate);
    visit("weight_hh_candidate", weight_hh_candidate);
    visit("bias", bias);
  }
};

}  // namespace heed
