// Reading and writing at positions that are data: ids, targets, permutations.
//
// Reading is linear in what is read, and its transpose is adding: the gradient of y = x[index] is
// dx[index] += dy, which sums where an index occurs more than once. Indices are i64 tensors without
// gradients. Every index is checked; a bad one throws an Error that says which, where it stands, and
// what would be allowed.
#pragma once

#include "autograd/base/tensor.h"

namespace heed {

// Rows of a table: weight [V, E], ids of any shape -> [ids.., E]. The row `padding` (-1: none) gets no
// gradient; its value is used as it is.
Tensor embedding(const Tensor& weight, const Tensor& ids, int64_t padding = -1);

// x taken at `index` [K] along an axis, repeats allowed: the axis gets length K.
Tensor index_select(const Tensor& x, int axis, const Tensor& index);

// y[i..] = x[i.. with the position on `axis` replaced by index[i..]]. `index` has as many axes as x and
// is not longer on the other axes; the result has its shape.
Tensor gather(const Tensor& x, int axis, const Tensor& index);

// x with y[i.. with the position on `axis` replaced by index[i..]] = src[i..], or += src[i..]. src and
// index have the same shape. scatter wants every target at most once, which is not checked (the last
// would win, and gradients be wrong).
Tensor scatter(const Tensor& x, int axis, const Tensor& index, const Tensor& src);
Tensor scatter_add(const Tensor& x, int axis, const Tensor& index, const Tensor& src);

// 1 at the id, 0 elsewhere: ids of any shape -> i64 [ids.., count].
Tensor one_hot(const Tensor& ids, int64_t count);

}  // namespace heed
