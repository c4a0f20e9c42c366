// Writing into numbers that exist: for kernels that sum gradients where they belong. Never recorded.
#pragma once

#include "autograd/base/tensor.h"

namespace heed {

void zero_fill(Tensor& x);                                         // also of views
void add_in_place(Tensor& to, const Tensor& x, double scale = 1);  // to += scale x, equal shapes

// Its last axis that is longer than 1 has stride 1.
inline bool runs_inward(const Tensor& x) {
  for (int axis = x.rank(); axis-- > 0;)
    if (x.shape()[axis] != 1) return x.strides()[axis] == 1;
  return true;
}

}  // namespace heed
