// The gated recurrent unit as it was published (Cho et al. 2014; Bahdanau et al. A.1.1), where
// the reset gate acts before the recurrent product and z weighs the new value:
//
//     z = sigmoid(W_z x + U_z h + b_z)
//     r = sigmoid(W_r x + U_r h + b_r)
//     h~ = tanh(W_h x + U_h (r * h) + b_h)
//     h' = (1 - z) * h + z * h~
//
// U_h waits for r, so a step has two recurrent products, one after the other. PyTorch's is another: gru.h.
#pragma once

#include "nn/recurrent/cell.h"

namespace heed {

struct GruChoCell {
  Tensor weight_ih;            // [3H, I], rows z, r, h: W_z, W_r, W_h
  Tensor weight_hh_gates;      // [2H, H], rows z, r: U_z, U_r
  Tensor weight_hh_candidate;  // [H, H]: U_h
  Tensor bias;                 // [3H] or undefined, rows z, r, h

  GruChoCell() = default;
  GruChoCell(int64_t input, int64_t hidden, Rng& rng, bool bias = true);

  int64_t hidden_size() const { return weight_hh_candidate.size(1); }

  Tensor project(const Tensor& x) const;                          // [.., I] -> [.., 3H]
  State step(const Tensor& projected, const State& state) const;  // [B, 3H], h [B, H]
  State operator()(const Tensor& x, const State& state) const { return step(project(x), state); }

  void parts(auto& visit) {
    visit("weight_ih", weight_ih);
    visit("weight_hh_gates", weight_hh_gates);
    visit("weight_hh_candidate", weight_hh_candidate);
    visit("bias", bias);
  }
};

}  // namespace heed
