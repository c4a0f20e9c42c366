// The largest number of each window of an image.
#pragma once

#include <utility>

#include "autograd/ops/pooling.h"

namespace heed {

// x [N, C, H, W] -> [N, C, H', W']: the largest number of each window. Padding counts as -inf; a NaN is
// larger than any number. Faster where nothing is recorded, for then no place needs to be known.
Tensor max_pool2d(const Tensor& x, const Pool2dOptions& options);

// The same, [N, C, H', W'], and where they were: row * W + column within the plane of x, i64.
// The first of equals in row-major order wins and receives the gradient. Padding counts as -inf (index -1
// if a window sees nothing else).
std::pair<Tensor, Tensor> max_pool2d_with_places(const Tensor& x, const Pool2dOptions& options);

}  // namespace heed
