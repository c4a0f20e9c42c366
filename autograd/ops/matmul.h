// Matrix products.
#pragma once

#include "autograd/base/tensor.h"

namespace heed {

// a b over the last two axes, leading axes broadcast: [.., M, K] [.., K, N] -> [.., M, N]. A vector at the
// left counts as a row, at the right as a column; the result drops its axis. Throws if inner sizes differ.
Tensor matmul(const Tensor& a, const Tensor& b);

// beta c + alpha (a b), c broadcasting to the shape of the product. With beta 0 its numbers are not looked at.
Tensor addmm(const Tensor& c, const Tensor& a, const Tensor& b, double beta = 1, double alpha = 1);

// y = x W^T + b: x [.., I], weight [O, I], bias [O] or undefined -> [.., O].
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias = {});

// The same added to what has been computed already: y = base + x W^T, base [.., O].
Tensor linear_onto(const Tensor& base, const Tensor& x, const Tensor& weight);

// y_o = x1^T A_o x2 + b_o: x1 [.., I], x2 [.., J], weight [O, I, J], bias [O] or undefined -> [.., O].
Tensor bilinear(const Tensor& x1, const Tensor& x2, const Tensor& weight, const Tensor& bias = {});

}  // namespace heed
