// Views: a tensor's numbers seen under another shape. A view shares the numbers of its argument and costs
// nothing; where a layout does not allow that, the numbers are copied.
//
// Axes may be negative, -1 being the last. Element types may be any of f32, f64, i64.
#pragma once

#include <vector>

#include "autograd/base/tensor.h"

namespace heed {

// x with the same elements, row-major, under another shape; one length may be -1: whatever fits.
Tensor reshape(const Tensor& x, Shape shape);
// Without the axis of length 1, or with a new one at `axis` of the result.
Tensor squeeze(const Tensor& x, int axis);
Tensor unsqueeze(const Tensor& x, int axis);
// Two axes exchanged; axis i of the result is axis perm[i] of x.
Tensor transpose(const Tensor& x, int axis0, int axis1);
Tensor permute(const Tensor& x, const std::vector<int>& perm);
// x[start:stop:step] along an axis. Negative bounds count from the end, bounds outside are cut; step >= 1.
Tensor slice(const Tensor& x, int axis, int64_t start, int64_t stop, int64_t step = 1);
// `length` elements from `start` on.
Tensor narrow(const Tensor& x, int axis, int64_t start, int64_t length);
// Element `index` along an axis, the axis removed.
Tensor select(const Tensor& x, int axis, int64_t index);
// Pieces of the given lengths; `count` equal pieces.
std::vector<Tensor> split(const Tensor& x, const std::vector<int64_t>& sizes, int axis);
std::vector<Tensor> chunk(const Tensor& x, int count, int axis);
// x broadcast to a larger shape: a view with stride 0 along the new axes. Its transpose is sum_to (reduce.h).
Tensor expand(const Tensor& x, const Shape& shape);

}  // namespace heed
