// The readout of a decoder with latent attention: each word is written from one place, which nobody draws.
//
//     state       sees the expected context c_t = sum_i alpha_ti a_i, as soft attention (Xu et al. (13))
//     units       x_t, what the soft decoder's readout makes of state, last word and context: its maxout
//     place       u_i = U a_i, which place i adds to them; soft attention has no U, and all else is its own
//     word        p(v | s_t = i) = softmax(W_o (x_t + u_i) + b_o)       by the program's output layer W_o
//     prior       p(s_t = i) = alpha_ti
//     likelihood  p(y_t) = sum_i alpha_ti p(y_t | s_t = i)              exactly: latent_cross_entropy.h
//     posterior   p(s_t = i | y_t) = alpha_ti p(y_t | s_t = i) / p(y_t): whence the word came, once known
//
// With U = 0 that is soft attention's readout. As the state sees only the expectation, the places of
// different words are independent of each other given alpha, and the likelihood of a sentence is the product
// of those of its words.
//
//     LatentReadout readout(annotation, units, rng);
//     const SharedMask mask = at_all_steps(*memory.mask, target.active);                       // in training
//     LatentLoss l = readout.loss(x, memory.annotations, output, join_steps(alphas), mask, target.rows);
//
//     const Tensor places = readout.place_scores(memory.annotations, output);       // once; at each step:
//     Tensor log_p = readout.log_probabilities(x, places, output, attended.alignment(), memory.mask);
//
// alpha is alignment(), by the positions of the whole sentence: so all its words have the same places, and
// what they have in common is computed once, also where a window leaves most of them out.
#pragma once

#include "nn/attention/latent/latent_cross_entropy.h"

namespace heed {

struct LatentReadout {
  Linear place;  // U [I, C], no bias

  LatentReadout() = default;
  LatentReadout(int64_t annotation, int64_t units, Rng& rng) : place(annotation, units, rng, false) {}

  // units x [N, I], annotations a [M, C], alpha [N, S], targets i64 [N].
  LatentLoss loss(const Tensor& units, const Tensor& annotations, const Linear& output, const Tensor& alpha,
                  const SharedMask& mask, const Tensor& targets, const CrossEntropyOptions& options = {}) const {
    return latent_cross_entropy(units, place(annotations), output, alpha, mask, targets, options);
  }
  // What places add to the scores of the words, which no step changes: G = W_o U a [M, V].
  Tensor place_scores(const Tensor& annotations, const Linear& output) const {
    return linear(place(annotations), output.weight);
  }
  // log p(v) of every word, [n, V]: units x [n, I], place_scores() [M, V], alpha [n, S].
  Tensor log_probabilities(const Tensor& units, const Tensor& place_scores, const Linear& output, const Tensor& alpha,
                           const SharedMask& mask) const {
    return latent_log_probabilities(output(units), place_scores, alpha, mask);
  }
  void parts(auto& visit) { visit("place", place); }
};

}  // namespace heed
