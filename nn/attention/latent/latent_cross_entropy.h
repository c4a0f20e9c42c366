// Hard attention without drawing: the likelihood of words, each of which is written from one place.
//
// Hard attention (Xu et al. 4.1) takes the place s_t of a word as a hidden variable and wants the
// marginal likelihood,
//
//     log p(y_t) = log sum_i p(s_t = i) p(y_t | s_t = i)
//
// whose sum over places is thought too dear: so it goes up a lower bound by draws (REINFORCE, Xu et al. (10), (11),
// (12)). The sum is dear if the place goes through the recurrent state. It is not if the state sees the
// expected context, as in soft attention, and the place only adds to what the output layer reads:
//
//     p(v | t, i) = softmax(W (x_t + u_i) + b)_v = e^(B_tv + G_iv) / Z_ti,      B = W x + b,  G = W u
//
// x_t are the readout's units of word t and u_i those that place i adds. Then all normalizers, Z_ti = sum_v
// e^(B_tv) e^(G_iv), are one product of matrices, e^B and e^G transposed, and the exact gradient takes two
// more (mixture.h). There is nothing to tame: no draws, no baseline, no bound. The posterior of the places
// given the word comes with it. What costs is G: the places pass the output layer as the words do.
//
// The prior is p(s_t = i) = alpha_ti / sum_j alpha_tj, as HardReading draws. So p is a distribution also
// where the weights of a window do not sum to 1 (local-p). A word whose weights are all 0, or that has no
// places, is written from no place: p = softmax(B_t).
#pragma once

#include "nn/attention/rows/attention_mask.h"
#include "nn/layers/linear.h"
#include "nn/losses/cross_entropy.h"

namespace heed {

struct LatentLoss {
  Tensor loss;       // one number; [N] with Reduction::none
  Tensor posterior;  // p(s_t = i | y_t) [N, S], a constant; 0 of ignored targets, and where there is no place
};

// units x [N, I] and alpha [N, S] of N words, query t of the mask being word t (at_all_steps(),
// attention_mask.h); places u [M, I] of the annotations; targets i64 [N]. Differentiated by x, u, alpha, W
// and b. With label smoothing e the loss is -(1-e) log p(y) - (e/V) sum_v log p(v). Only a few hundred rows
// of B and G are in memory at a time; words that have the same places, as the captions of one picture, share
// their G.
//
// alpha's gradient is (1 - p(y | i) / p(y)) / sum(alpha), cut off at the largest number: where alpha_ti is 0
// the quotient has no bound. Weights below 0 are not refused, and mean nothing. Throws where cross_entropy
// does, for class weights, and for what does not fit.
LatentLoss latent_cross_entropy(const Tensor& units, const Tensor& places, const Linear& output, const Tensor& alpha,
                                const SharedMask& mask, const Tensor& targets,
                                const CrossEntropyOptions& options = {});

// log p(v) of every word: scores B [n, V] and G [M, V], alpha [n, S] of the mask's first n queries -> [n, V].
// The gradient is by enumeration, of the definition below.
Tensor latent_log_probabilities(const Tensor& scores, const Tensor& place_scores, const Tensor& alpha,
                                const SharedMask& mask);

// The same by enumeration, in plain operations over [n, S + 1, V]: the definitions that the two are held to.
Tensor latent_log_probabilities_plain(const Tensor& scores, const Tensor& place_scores, const Tensor& alpha,
                                      const SharedMask& mask);
Tensor latent_cross_entropy_plain(const Tensor& units, const Tensor& places, const Linear& output,
                                  const Tensor& alpha, const SharedMask& mask, const Tensor& targets,
                                  const CrossEntropyOptions& options = {});

}  // namespace heed
