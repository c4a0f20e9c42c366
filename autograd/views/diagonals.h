// Diagonals and triangles of matrices. Diagonal k lies k columns right of the main one, below it for k < 0:
// the entries [i, i + k]. A k outside the matrix is an empty diagonal.
//
// Element types may be any of f32, f64, i64.
#pragma once

#include "autograd/base/tensor.h"

namespace heed {

// Diagonal k of the matrices that two axes of x span, as the last axis of the result: a view.
Tensor diagonal(const Tensor& x, int64_t k = 0, int axis0 = -2, int axis1 = -1);
// The matrices whose diagonal k is the last axis of x, 0 elsewhere: [.., n] -> [.., n + |k|, n + |k|].
Tensor diag_embed(const Tensor& x, int64_t k = 0);
// A vector as the diagonal k of a matrix, or the diagonal k of a matrix as a vector.
Tensor diag(const Tensor& x, int64_t k = 0);

// x [.., M, N] with zeros above, or below, diagonal k; what stood there is not looked at.
Tensor tril(const Tensor& x, int64_t k = 0);
Tensor triu(const Tensor& x, int64_t k = 0);

}  // namespace heed
