// Losses: how far predictions are from what they should be. (The one for words and classes: cross_entropy.h.)
#pragma once

#include "nn/losses/cross_entropy.h"

namespace heed {

// Cross entropy of log-probabilities that are there already; no label smoothing.
Tensor nll(const Tensor& log_probabilities, const Tensor& targets, const CrossEntropyOptions& options = {});

// -(1/N) sum target * log softmax(logits), the targets being distributions: both [N, C].
Tensor cross_entropy_prob(const Tensor& logits, const Tensor& targets);

// (x - target)^2
Tensor mse(const Tensor& x, const Tensor& target, Reduction reduction = Reduction::mean);

// Binary cross entropy of sigmoid(x) against targets t in [0, 1], stable:
//     l = weight (positive_weight t log(1 + e^-x) + (1 - t) log(1 + e^x))
// weight and positive_weight broadcast; absent: 1.
Tensor bce_with_logits(const Tensor& x, const Tensor& target, Reduction reduction = Reduction::mean,
                       const Tensor& weight = {}, const Tensor& positive_weight = {});

}  // namespace heed
