// The largest and smallest numbers along axes, and where they are.
#pragma once

#include <utility>

#include "autograd/ops/reduce.h"

namespace heed {

// Largest, smallest; the gradient is divided evenly among equals.
Tensor amax(const Tensor& x, const Axes& axes = {}, bool keep = false);
Tensor amin(const Tensor& x, const Axes& axes = {}, bool keep = false);

// Along one axis: the extreme values and where they are (i64); the lowest index among equals, and it
// alone receives the gradient.
std::pair<Tensor, Tensor> max(const Tensor& x, int axis, bool keep = false);
std::pair<Tensor, Tensor> min(const Tensor& x, int axis, bool keep = false);
Tensor argmax(const Tensor& x, int axis, bool keep = false);
Tensor argmin(const Tensor& x, int axis, bool keep = false);

}  // namespace heed
