// The axis that an operation runs along.
#pragma once

#include "autograd/ops/lines.h"

namespace heed {

struct Along {
  int axis;     // counted from the first
  Split split;  // how the lines along it lie in a dense tensor
};

// Throws if x is undefined or has no such axis.
inline Along along(const char* operation, const Tensor& x, int axis) {
  check_defined(operation, x);
  const int a = normal_axis(axis, x.rank(), operation);
  return {a, split_at(x.shape(), a, a)};
}

}  // namespace heed
