// Running along an axis: what each number gathers from those before it; with `reverse` from those behind it.
// Totals are carried in double, so float sums lose no digits to their length.
#pragma once

#include "autograd/base/tensor.h"

namespace heed {

// y_i = x_0 + .. + x_i. Whole numbers, too.
Tensor cumsum(const Tensor& x, int axis, bool reverse = false);

// y_i = log(e^x_0 + .. + e^x_i), stable: nothing overflows, and entries of -inf have weight and gradient 0.
Tensor logcumsumexp(const Tensor& x, int axis, bool reverse = false);

// y_0 = x_0,  y_i = x_i + decay_i y_(i-1): a running sum whose memory fades, such as a discounted return.
// x and decay have one shape. A decay of 0 begins anew: what came before is not looked at. Nor is decay_0
// (reverse: the last).
Tensor linear_recurrence(const Tensor& x, const Tensor& decay, int axis, bool reverse = false);

}  // namespace heed
