// Writing into numbers that exist: for kernels that sum gradients where they belong. Never recorded.
#pragma once

#include "autograd/base/tensor.h"

namespace heed {

void zero_fill(Tensor& x);                                         // also of views
void add_in_place(Tensor& to, const Tensor& x, double scale = 1);  // to += scale x, equal shapes
bool runs_inward(const Tensor& x);                                 // its last axis longer than 1 has stride 1

}  // namespace heed
