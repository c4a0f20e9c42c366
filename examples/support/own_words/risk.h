// Minimum risk training: a model is made to write what is worth most, not to know the right next word (Shen et al.
// 2016, arXiv:1512.02433). The risk of an input x is minus the expected reward of what the model writes about it,
//
//     J(x) = - E[ r(y) ],      y ~ p(. | x)
//
// and its gradient (REINFORCE) an expectation again, which K drawn texts estimate:
//
//     dJ(x) = - E[ (r(y) - b) d log p(y | x) ]  ~  - 1/K sum_k (r(y_k) - b) sum_t d log p(y_kt | y_k1 .. y_k,t-1, x)
//
// with b = r(yhat), the reward of the likeliest words, which the model would write when it is used (self-critical:
// Rennie et al. 2017, arXiv:1612.00563): E[d log p] = 0, so b changes nothing in the mean and lessens the variance. Log
// p is not divided by its length, or that would not hold. Shen et al. instead scale p on the drawn texts to the sum 1,
// which is biased, and of a temperature.
//
// A model is trained by J(x) + w times the cross entropy of the right words (Wu et al. 2016, arXiv:1609.08144 (9)),
// which keeps its writing from what the reward does not see.
#pragma once

#include <functional>
#include <vector>

#include "examples/support/own_words/choices.h"
#include "examples/support/own_words/drawn_texts.h"
#include "nn/recurrent/packed.h"

namespace heed::support {

// What a text about the input with this number in its batch is worth: a program's.
using RewardOf = std::function<double(int64_t about, const std::vector<int64_t>& words)>;

// A drawn text and what it is worth beyond the baseline.
struct ValuedText {
  int64_t about = 0;  // the input's number in its batch
  DrawnText text;
  double advantage = 0;  // r(y) - b
};

// Of each of B inputs its likeliest text and K drawn ones, valued: [B K], the longest first. The model has B (K + 1)
// rows: row b is about input b, row B + b K + k is the k-th to be drawn about input b. `longest` is of inputs, [B].
std::vector<ValuedText> draw_valued(StepModel& model, const std::vector<int64_t>& longest, int64_t samples,
                                    const RewardOf& reward, Rng& rng);
// The inputs that such a model's rows are about.
std::vector<int64_t> rows_to_draw(int64_t inputs, int64_t samples);

// The surrogate whose gradient is the estimate of sum_x dJ(x). log_p [N] of the words and </s> of these texts, in the
// packed order of `words`; the </s> of a text that was cut counts nothing, since nobody drew it.
Tensor risk(const Tensor& log_p, const Packed& words, const std::vector<ValuedText>& texts, int64_t samples);

// What is trained: the gradient of risk + mle_weight cross_entropy, with the value of the cross entropy, so that a
// training's perplexity means what it always does.
Tensor risk_loss(const Tensor& risk, const Tensor& cross_entropy, double mle_weight);

}  // namespace heed::support
