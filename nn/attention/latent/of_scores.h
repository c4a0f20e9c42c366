// What is asked of a mixture whose scores are there already: in free running, and for the step that comes next.
#pragma once

#include "nn/attention/rows/attention_mask.h"

namespace heed::latent {

// All dense: scores B [n, V] and G [M, V], alpha [n, S] of the mask's first n queries.
struct Scores {
  Tensor words, places, alpha;
  SharedMask mask;
};

Tensor log_probabilities(const Scores& scores);  // log p(v) of every word: [n, V]

// p(s_t = i | y_t) of the words y that came, i64 [n]: [n, S], and 0 where there is no place.
Tensor posterior(const Scores& scores, const Tensor& words);

// Adds the gradient of sum_ti upstream_ti p(s_t = i | y_t) to the tensors of `to`, dense or undefined.
void add_posterior_gradients(const Scores& scores, const Tensor& words, const Tensor& upstream, Scores& to);

}  // namespace heed::latent
