// The plain recurrent network (Elman, "Finding structure in time", 1990):
//
//     h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)
//
// Going back one step multiplies a gradient by W_hh^T diag(1 - h^2), so over many steps it fades or explodes.
// The gates of lstm.h and gru.h are there to avoid that.
#pragma once

#include "nn/recurrent/cell.h"

namespace heed {

struct RnnCell {
  Tensor weight_ih;         // [H, I]
  Tensor weight_hh;         // [H, H]
  Tensor bias_ih, bias_hh;  // [H] or undefined

  RnnCell() = default;
  RnnCell(int64_t input, int64_t hidden, Rng& rng, bool bias = true);

  int64_t hidden_size() const { return weight_hh.size(1); }

  Tensor project(const Tensor& x) const;                          // [.., I] -> [.., H]
  State step(const Tensor& projected, const State& state) const;  // [B, H], h [B, H]
  State operator()(const Tensor& x, const State& state) const { return step(project(x), state); }

  void parts(auto& visit) {
    visit("weight_ih", weight_ih);
    visit("weight_hh", weight_hh);
    visit("bias_ih", bias_ih);
    visit("bias_hh", bias_hh);
  }
};

}  // namespace heed
