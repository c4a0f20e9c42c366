// The cross entropy of a linear layer's logits, without the logits.
//
// The output layer of a language model makes a score for each of V words at each of N places. For 2,400
// places and 30,000 words that are 288 MB, and as much again for their gradient, while x, [N, I], and W,
// [V, I], are small. But one row's loss does not depend on the other rows, and the loss is a sum: so some
// rows at a time are multiplied, turned into their losses and, while they are still in the cache, into
// their shares of the gradients of x, W and b. What is kept for the backward pass is these gradients, which
// then are only scaled.
#pragma once

#include "nn/layers/linear.h"
#include "nn/losses/cross_entropy.h"

namespace heed {

// cross_entropy(layer(x), targets, options), which is its definition: x [N, I], targets i64 [N] -> one
// number, in memory for 256 rows of logits. Where the loss is not one number (no reduction), has class
// weights, or x is no matrix, it is computed just like that. Throws what cross_entropy throws.
Tensor linear_cross_entropy(const Tensor& x, const Linear& layer, const Tensor& targets,
                            const CrossEntropyOptions& options = {});

}  // namespace heed
