// Numbers along an axis in order, and where they stood.
//
// NaN counts as larger than everything else, so it comes last, or first if descending. Equals keep their
// order in both directions. Indices are i64. The gradient of each number goes where it stood, as that of
// gather(). All types may be sorted; whole numbers have no gradient.
//
//     auto [sorted, index] = sort(x);         // sorted = gather(x, -1, index)
//     auto [best, where] = topk(scores, 5);   // the five largest of each row, the largest first
#pragma once

#include <utility>

#include "autograd/base/tensor.h"

namespace heed {

std::pair<Tensor, Tensor> sort(const Tensor& x, int axis = -1, bool descending = false);
Tensor argsort(const Tensor& x, int axis = -1, bool descending = false);

// The first k of sort(x, axis, largest): the axis gets length k, 0 <= k <= its length.
std::pair<Tensor, Tensor> topk(const Tensor& x, int64_t k, int axis = -1, bool largest = true);

}  // namespace heed
