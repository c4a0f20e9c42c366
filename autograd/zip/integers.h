// Division of whole numbers (i64), as Python and PyTorch do it: the quotient is rounded down, so that the
// remainder has the sign of the divisor and  a = floor_divide(a, b) b + remainder(a, b).
//
//     floor_divide(-7, 2) = -4      remainder(-7, 2) = 1
//
// Sums, differences and products are + - * (elementwise.h). Operands broadcast. Nothing is recorded.
// A divisor of 0 is an Error that says where it stands.
#pragma once

#include "autograd/base/tensor.h"

namespace heed {

Tensor floor_divide(const Tensor& a, const Tensor& b);
Tensor floor_divide(const Tensor& a, int64_t b);
Tensor remainder(const Tensor& a, const Tensor& b);
Tensor remainder(const Tensor& a, int64_t b);

}  // namespace heed
