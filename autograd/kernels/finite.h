// Whether numbers are finite: for short ways that compute 0 times x, which is 0 for finite x only.
#pragma once

#include "autograd/base/tensor.h"

namespace heed {

bool all_finite(const Tensor& x);  // f32 or f64, any strides; true of no numbers

}  // namespace heed
