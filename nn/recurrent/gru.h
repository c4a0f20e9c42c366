// The gated recurrent unit in the form of cuDNN and PyTorch, where the reset gate acts
// after the recurrent product:
//
//     r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)
//     z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)
//     n = tanh(W_in x + b_in + r * (W_hn h + b_hn))
//     h' = (1 - z) * n + z * h
//
// All three recurrent products are one. The unit of the papers (gru_cho.h) is another function: there r acts
// before the product, and z weighs the new value, not the old one.
#pragma once

#include "nn/recurrent/cell.h"

namespace heed {

struct GruCell {
  Tensor weight_ih;         // [3H, I], rows r, z, n
  Tensor weight_hh;         // [3H, H]
  Tensor bias_ih, bias_hh;  // [3H] or undefined

  GruCell() = default;
  GruCell(int64_t input, int64_t hidden, Rng& rng, bool bias = true);

  int64_t hidden_size() const { return weight_hh.size(1); }

  Tensor project(const Tensor& x) const;                          // [.., I] -> [.., 3H]
  State step(const Tensor& projected, const State& state) const;  // [B, 3H], h [B, H]
  State operator()(const Tensor& x, const State& state) const { return step(project(x), state); }

  void parts(auto& visit) {
    visit("weight_ih", weight_ih);
    visit("weight_hh", weight_hh);
    visit("bias_ih", bias_ih);
    visit("bias_hh", bias_hh);
  }
};

}  // namespace heed
