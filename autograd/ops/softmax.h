// softmax: scores become weights that are positive and sum to one along an axis.
//
//     softmax(x)_i = e^(x_i - m) / sum_j e^(x_j - m),   m = max_j x_j
//
// m cancels; with it nothing overflows. With y = softmax(x) the gradient is  dx = y (dy - sum_j dy_j y_j).
// Entries of -inf get weight 0; where nothing else is left, all weights are 0.
#pragma once

#include "autograd/base/tensor.h"

namespace heed {

Tensor softmax(const Tensor& x, int axis = -1);

// log softmax(x) = x - m - log sum_j e^(x_j - m)
Tensor log_softmax(const Tensor& x, int axis = -1);

// Only over entries whose mask (i64, broadcast to the shape of x) is not 0; the others have weight and
// gradient 0, whatever they hold. A line with nothing left is all zeros, with zero gradients.
Tensor masked_softmax(const Tensor& x, const Tensor& mask, int axis = -1);

}  // namespace heed
