// Elementwise operations, each one a lambda given to zip (zip.h). Operands broadcast.
//
// + - * and maximum, minimum, where, masked_fill, neg, square take whole numbers (i64), too; all operands
// must then be such. Results are modulo 2^64, and there is no gradient. integers.h divides them.
#pragma once

#include "autograd/base/tensor.h"

namespace heed {

Tensor add(const Tensor& a, const Tensor& b);
Tensor sub(const Tensor& a, const Tensor& b);
Tensor mul(const Tensor& a, const Tensor& b);
Tensor div(const Tensor& a, const Tensor& b);
Tensor pow(const Tensor& a, const Tensor& b);      // d/da = 0 where b = 0; d/db = 0 where a = 0 and b >= 0
Tensor pow(const Tensor& x, double exponent);      // gradient 0 everywhere for exponent 0
Tensor maximum(const Tensor& a, const Tensor& b);  // at a tie half of the gradient to each
Tensor minimum(const Tensor& a, const Tensor& b);
// a where `condition` (i64) is not 0, else b. The branch not taken gets an exact zero.
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);
// `value` where `mask` (i64, broadcast to x) is not 0, else x.
Tensor masked_fill(const Tensor& x, const Tensor& mask, double value);

Tensor neg(const Tensor& x);
Tensor exp(const Tensor& x);
Tensor log(const Tensor& x);
Tensor sqrt(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor sigmoid(const Tensor& x);  // 1 / (1 + e^-x)
Tensor abs(const Tensor& x);      // gradient 0 at 0
Tensor square(const Tensor& x);
Tensor reciprocal(const Tensor& x);
Tensor sin(const Tensor& x);
Tensor cos(const Tensor& x);
// To [low, high]; gradient 1 inside, both ends included. An infinite bound is none. Throws
// unless low <= high.
Tensor clamp(const Tensor& x, double low, double high);

Tensor add(const Tensor& x, double c);
Tensor div(const Tensor& x, double c);
Tensor mul(const Tensor& x, double c);

// Another element type. Between f32 and f64 gradients flow; to and from i64 they do not.
Tensor to(const Tensor& x, DType dtype);

inline Tensor operator+(const Tensor& a, const Tensor& b) { return add(a, b); }
inline Tensor operator-(const Tensor& a, const Tensor& b) { return sub(a, b); }
inline Tensor operator*(const Tensor& a, const Tensor& b) { return mul(a, b); }
inline Tensor operator/(const Tensor& a, const Tensor& b) { return div(a, b); }
inline Tensor operator-(const Tensor& x) { return neg(x); }
inline Tensor operator+(const Tensor& x, double c) { return add(x, c); }
inline Tensor operator+(double c, const Tensor& x) { return add(x, c); }
inline Tensor operator-(const Tensor& x, double c) { return add(x, -c); }
inline Tensor operator-(double c, const Tensor& x) { return add(neg(x), c); }
inline Tensor operator*(const Tensor& x, double c) { return mul(x, c); }
inline Tensor operator*(double c, const Tensor& x) { return mul(x, c); }
inline Tensor operator/(const Tensor& x, double c) { return div(x, c); }

}  // namespace heed
