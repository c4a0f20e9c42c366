// Reductions: sums and norms, in f32 to the last digits however many numbers are summed; extrema.h has the largest and smallest. `axes` lists the axes to reduce
// (negative from the end), all if empty; reduced axes stay with length 1 if `keep`.
#pragma once

#include <vector>

#include "autograd/base/tensor.h"

namespace heed {

using Axes = std::vector<int>;

Tensor sum(const Tensor& x, const Axes& axes = {}, bool keep = false);
Tensor mean(const Tensor& x, const Axes& axes = {}, bool keep = false);
// sum (x - mean)^2 / (n - correction): correction 1 is the unbiased estimate.
Tensor var(const Tensor& x, const Axes& axes = {}, bool keep = false, double correction = 0);
// log sum e^x, stable; entries of -inf have weight 0.
Tensor logsumexp(const Tensor& x, const Axes& axes = {}, bool keep = false);
// (sum |x|^p)^(1/p); p = infinity: max |x|. At a zero vector it has a kink: gradient and second derivative are 0 there.
// So the second derivative of norm(x)^2 at 0 is 0, too, where that of sum(square(x)), which is smooth, is 2.
Tensor norm(const Tensor& x, double p = 2, const Axes& axes = {}, bool keep = false);

// The transpose of broadcasting: x summed down to `shape`, over the axes along which `shape` broadcasts to x's.
Tensor sum_to(const Tensor& x, const Shape& shape);

}  // namespace heed
