// Reductions: sums, extrema, norms. `axes` lists the axes to reduce (negative from the end), all if
// empty; reduced axes stay with length 1 if `keep`.
#pragma once

#include <utility>
#include <vector>

#include "autograd/tensor.h"

namespace heed {

using Axes = std::vector<int>;

Tensor sum(const Tensor& x, const Axes& axes = {}, bool keep = false);
Tensor mean(const Tensor& x, const Axes& axes = {}, bool keep = false);
// sum (x - mean)^2 / (n - correction): correction 1 is the unbiased estimate.
Tensor var(const Tensor& x, const Axes& axes = {}, bool keep = false, double correction = 0);
// Largest, smallest; the gradient is divided evenly among equals.
Tensor amax(const Tensor& x, const Axes& axes = {}, bool keep = false);
Tensor amin(const Tensor& x, const Axes& axes = {}, bool keep = false);
// log sum e^x, stable; entries of -inf have weight 0.
Tensor logsumexp(const Tensor& x, const Axes& axes = {}, bool keep = false);
// (sum |x|^p)^(1/p); p = infinity: max |x|. The gradient at a zero vector is 0.
Tensor norm(const Tensor& x, double p = 2, const Axes& axes = {}, bool keep = false);

// Along one axis: the extreme values and where they are (i64); the lowest index among equals, and it
// alone receives the gradient.
std::pair<Tensor, Tensor> max(const Tensor& x, int axis, bool keep = false);
std::pair<Tensor, Tensor> min(const Tensor& x, int axis, bool keep = false);
Tensor argmax(const Tensor& x, int axis, bool keep = false);
Tensor argmin(const Tensor& x, int axis, bool keep = false);

}  // namespace heed
