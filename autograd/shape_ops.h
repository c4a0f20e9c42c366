// Views and re-arrangements: reshape, transpose, slices, joining and cutting, broadcasting.
//
// Where the layout allows, the result is a view: it shares the numbers of its argument and costs nothing.
// Axes may be negative, -1 being the last. Element types may be any of f32, f64, i64.
#pragma once

#include <vector>

#include "autograd/tensor.h"

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
// x broadcast to a larger shape: a view with stride 0 along the new axes.
Tensor expand(const Tensor& x, const Shape& shape);
// The transpose of expand: x summed down to `shape`, over the axes along which `shape` broadcasts to x's
// shape.
Tensor sum_to(const Tensor& x, const Shape& shape);
// The same numbers without gaps: x itself if it is dense, else a recorded copy.
Tensor contiguous(const Tensor& x);

// Joined along an existing axis (lengths elsewhere equal), or along a new axis of the result (all shapes
// equal).
Tensor concat(const std::vector<Tensor>& parts, int axis);
Tensor stack(const std::vector<Tensor>& parts, int axis = 0);
// {before, after} for each axis, filled with `value`.
Tensor pad(const Tensor& x, const std::vector<std::pair<int64_t, int64_t>>& pads, double value = 0);
// Order reversed along the axes. Tiled: `repeats` per axis of the result, new axes at the left.
Tensor flip(const Tensor& x, const std::vector<int>& axes);
Tensor repeat(const Tensor& x, const std::vector<int64_t>& repeats);

// --- for kernels; never recorded
void zero_fill(Tensor& x);                             // also of views
void add_in_place(Tensor& to, const Tensor& x, double scale = 1);  // to += scale x, equal shapes
bool runs_inward(const Tensor& x);                     // its last axis longer than 1 has stride 1

}  // namespace heed
