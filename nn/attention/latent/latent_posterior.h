// Whence the words came that were said, for the step that comes next to read (posterior_feeding.h):
//
//     p(s_t = i | y_t) = pi_ti p(y_t | t, i) / p(y_t | t)        pi_ti = alpha_ti / sum_j alpha_tj
//     p(v | t, i) = e^(B_tv + G_iv) / Z_ti                       latent_cross_entropy.h
//
// In the loss, all words of a sentence share its places, and products of matrices give all Z. Here a step has one word
// of each sentence, and Z_ti is summed as it stands.
#pragma once

#include "nn/attention/rows/attention_mask.h"

namespace heed {

// Scores of the words B [n, V] and of the places G [M, V], alpha [n, S] of the mask's first n queries, the words that
// came i64 [n] -> [n, S]; 0 where there is no place. Differentiated by B, G and alpha, the gradient by an alpha of 0
// being cut off at the largest number. Throws for what does not fit.
Tensor latent_posterior(const Tensor& scores, const Tensor& place_scores, const Tensor& alpha, const SharedMask& mask,
                        const Tensor& words);

// The same in plain operations over [n, S, V]: the definition that the kernel is held to.
Tensor latent_posterior_plain(const Tensor& scores, const Tensor& place_scores, const Tensor& alpha,
                              const SharedMask& mask, const Tensor& words);

}  // namespace heed
