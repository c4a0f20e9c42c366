// Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000):
//
//     [a_i; a_f; a_g; a_o] = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh
//     i = sigmoid(a_i)    f = sigmoid(a_f)    g = tanh(a_g)    o = sigmoid(a_o)
//     c_t = f * c_{t-1} + i * g
//     h_t = o * tanh(c_t)
//
// The memory c is carried on by a product with f alone: while f stays near 1, its gradient passes undiminished.
// The decoder of Show, Attend and Tell is one, Xu et al. (1), (2), (3), Figure 4, and so is each layer of the others,
// Luong et al. (3).
#pragma once

#include <vector>

#include "nn/recurrent/cell.h"

namespace heed {

struct LstmCell {
  Tensor weight_ih;         // [4H, I], rows i, f, g, o
  Tensor weight_hh;         // [4H, H]
  Tensor bias_ih, bias_hh;  // [4H] or undefined

  LstmCell() = default;
  LstmCell(int64_t input, int64_t hidden, Rng& rng, bool bias = true);

  int64_t hidden_size() const { return weight_hh.size(1); }
  static constexpr bool has_memory = true;

  Tensor project(const Tensor& x) const;                          // [.., I] -> [.., 4H]
  State step(const Tensor& projected, const State& state) const;  // [B, 4H], h and c [B, H]
  State operator()(const Tensor& x, const State& state) const { return step(project(x), state); }

  void parts(auto& visit) {
    visit("weight_ih", weight_ih);
    visit("weight_hh", weight_hh);
    visit("bias_ih", bias_ih);
    visit("bias_hh", bias_hh);
  }
};

// Of a model whose cells are LSTMs: adds to the bias of each forget gate. With 1 a new cell keeps what it has, and learns
// what to forget (Jozefowicz, Zaremba and Sutskever 2015).
void add_forget_bias(const std::vector<NamedTensor>& parts, double amount);

}  // namespace heed
