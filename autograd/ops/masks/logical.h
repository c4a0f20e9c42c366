// Masks (i64; what is not 0 holds) joined, and asked as a whole. Every result is of ones and zeros.
//
//     logical_and(greater_equal(x, 0), less(x, 1))   1 where 0 <= x < 1
//     all(isfinite(x)).item() == 1                   every number of x is finite
#pragma once

#include "autograd/ops/reduce.h"

namespace heed {

// Operands broadcast.
Tensor logical_and(const Tensor& a, const Tensor& b);
Tensor logical_or(const Tensor& a, const Tensor& b);
Tensor logical_xor(const Tensor& a, const Tensor& b);
Tensor logical_not(const Tensor& mask);

// Whether one, or every one, along the axes holds; all axes if none is named. Reduced axes stay with length 1
// if `keep`. Of none: any is 0, all is 1.
Tensor any(const Tensor& mask, const Axes& axes = {}, bool keep = false);
Tensor all(const Tensor& mask, const Axes& axes = {}, bool keep = false);

}  // namespace heed
