// Re-arrangements that make a new tensor: joining, padding, reversing, tiling.
//
// Axes may be negative, -1 being the last. Element types may be any of f32, f64, i64.
#pragma once

#include <utility>
#include <vector>

#include "autograd/base/tensor.h"

namespace heed {

// The same numbers without gaps: x itself if it is dense, else a recorded copy.
Tensor contiguous(const Tensor& x);
// The same numbers in memory of their own, whatever x is; a recorded copy. (clone of a model: tape/parameters.h.)
Tensor clone(const Tensor& x);
// Joined along an existing axis (lengths elsewhere equal), or along a new axis of the result (all shapes equal).
Tensor concat(const std::vector<Tensor>& parts, int axis);
Tensor stack(const std::vector<Tensor>& parts, int axis = 0);
// {before, after} for each axis, filled with `value`.
Tensor pad(const Tensor& x, const std::vector<std::pair<int64_t, int64_t>>& pads, double value = 0);
// Order reversed along the axes. Tiled: `repeats` per axis of the result, new axes at the left.
Tensor flip(const Tensor& x, const std::vector<int>& axes);
Tensor repeat(const Tensor& x, const std::vector<int64_t>& repeats);
// Moved on by `shift` places along an axis; what leaves it at the end comes in at the start.
Tensor roll(const Tensor& x, int64_t shift, int axis);

}  // namespace heed
