// Comparisons: tensors of any type, number by number, give a mask: i64, 1 where it holds and 0 elsewhere, as
// where(), masked_fill() and masked_softmax() take it. Operands broadcast; masks have no gradient.
//
//     where(less(x, 0), -x, x)                    |x|
//     any(logical_not(isfinite(x))).item() != 0   something in x is infinite or NaN
//
// NaN is not equal to anything, and neither less nor greater. These are names and not operators, because a
// Tensor in an if says whether it is defined: if (a < b) would always be true.
#pragma once

#include "autograd/base/tensor.h"

namespace heed {

Tensor equal(const Tensor& a, const Tensor& b);
Tensor not_equal(const Tensor& a, const Tensor& b);
Tensor less(const Tensor& a, const Tensor& b);
Tensor less_equal(const Tensor& a, const Tensor& b);
Tensor greater(const Tensor& a, const Tensor& b);
Tensor greater_equal(const Tensor& a, const Tensor& b);

// With one number, which is rounded to a's type; for i64 it must be a whole one.
Tensor equal(const Tensor& a, double c);
Tensor not_equal(const Tensor& a, double c);
Tensor less(const Tensor& a, double c);
Tensor less_equal(const Tensor& a, double c);
Tensor greater(const Tensor& a, double c);
Tensor greater_equal(const Tensor& a, double c);

Tensor isnan(const Tensor& x);
Tensor isinf(const Tensor& x);     // of either sign
Tensor isfinite(const Tensor& x);  // neither infinite nor NaN

}  // namespace heed
