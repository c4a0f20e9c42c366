// What Show, Attend and Tell (Xu et al. 2015) adds to attention: a gate for the context, and a regulariser.
#pragma once

#include "nn/layers/linear.h"
#include "nn/recurrent/packed.h"

namespace heed {

// How much of the context a decoder's step lets in (Xu et al. 4.2.1): z = beta c, beta = sigmoid(f_beta(q)), q being
// its state.
struct ContextGate {
  Linear gate;  // f_beta: to one number for the whole context, as in the paper, or to one for each of its numbers

  ContextGate() = default;
  // `out`: 1, or the size of the context.
  ContextGate(int64_t query, int64_t out, Rng& rng) : gate(query, out, rng) {}

  Tensor operator()(const Tensor& context,
                    const Tensor& query) const;  // [n, C], [n, Q] -> z [n, C]; of none: context
  void parts(auto& visit) { gate.parts(visit); }
};

// Doubly stochastic attention (Xu et al. (14)): asks that over all steps t of a caption b every position j gets its
// share.
//     sum_b sum_j (1 - sum_t alpha_btj)^2
// alpha: that of every step, a row of S for each word, packed like the words. Gives one number.
Tensor doubly_stochastic(const Packed& alpha);

}  // namespace heed
