// The losses of words and their gradients, some hundred rows of scores at a time: they are made by the output
// layer, turned into their losses and the gradients by them, and these into shares of the gradients of what
// they were made of.
#pragma once

#include "nn/attention/rows/attention_mask.h"

namespace heed::latent {

// All dense and checked. targets i64 [N], those that are ignored as detail::kIgnored (cross_entropy.h).
struct Problem {
  Tensor units, places, weight, bias,
      alpha;  // x [N, I], u [M, I], W [V, I], b [V] or undefined, alpha [N, S]
  Tensor targets;
  SharedMask mask;
  double smoothing = 0;
};

struct Solution {
  Tensor losses, posterior;                        // [N], and 0 where ignored; [N, S]
  Tensor dunits, dplaces, dweight, dbias, dalpha;  // of sum_t scale_t loss_t, if they were wanted
};

// scale [N], or undefined: all 1.
Solution solve(const Problem& problem, const Tensor& scale, bool with_gradients);

// log p(v) of every word: scores B [n, V] and G [M, V], dense -> [n, V].
Tensor log_probabilities(const Tensor& scores, const Tensor& place_scores, const Tensor& alpha,
                         const SharedMask& mask);

}  // namespace heed::latent
