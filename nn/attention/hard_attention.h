// Training hard attention (Xu et al. 4.1).
//
// A drawn position s cannot be differentiated, but the probability of drawing it can. With
// L_s = E_s[log p(y | s, h)], a lower bound of log p(y | h) (Xu et al. (10)), the gradient is an expectation,
// estimated by a draw (Xu et al. (11), (12) and below):
//
//     dL_s ~ d log p(y|s,h) + lambda_r (R - b) d log p(s|h) + lambda_e dH[s],   R = log p(y|s,h)
//
// b, a moving mean of past rewards R, and the entropy H lessen the variance. This is the REINFORCE rule of
// Williams (1992). The loss below is a surrogate: its value means nothing, its gradient is minus this
// estimate. (h are the annotations, the paper's a: rows/attention_mask.h.)
#pragma once

#include "autograd/base/tensor.h"

namespace heed {

// log p(s|h): the log-probability under softmax(scores) of what was chosen. scores [.., S]; choice of the
// same shape, one-hot (i64 or numbers), a constant -> [..]. Where `choice` is the expectation alpha itself the
// gradient is zero.
Tensor log_choice(const Tensor& scores, const Tensor& choice);

// H = -sum_j alpha_j log alpha_j of alpha = softmax(scores), over the last axis. An alpha of 0 adds nothing.
Tensor attention_entropy(const Tensor& scores);

struct HardAttentionTerms {
  Tensor logp;       // [B, T] log-probabilities of the words, differentiated
  Tensor log_pi;     // [B, T] log_choice
  Tensor entropy;    // [B, T] attention_entropy
  Tensor reward;     // R, [B], or [B, T] for a reward at each step; a constant
  Tensor baseline;   // b, the same shape or one number; a constant
  Tensor step_mask;  // i64 [B, T], undefined: all steps count
};
// -(1/B) sum_bt m_bt (logp + lambda_r (R - b) log_pi + lambda_e H)
Tensor hard_attention_loss(const HardAttentionTerms& terms, double lambda_r, double lambda_e);

// b_k = rho b_{k-1} + (1 - rho) r_k, b_0 = 0 (below Xu et al. (12)); r_k is the mean reward of minibatch k.
struct MovingBaseline {
  double rho = 0.9;
  double value = 0;

  double update(double reward) { return value = rho * value + (1 - rho) * reward; }
};

}  // namespace heed
