#include "autograd/kernels/finite.h"

#include "autograd/kernels/registers.h"

namespace heed {

// 0 x is 0 of a finite x, and NaN of every other.
bool all_finite(const Tensor& x) {
  const Tensor dense = densify(x);
  return dispatch_float(x.dtype(), "all_finite", [&]<class T>(T) {
    const T* numbers = dense.data<T>();
    return sum_registers<T>(dense.numel(), [&](auto at) { return at.load(numbers) * Vec<T>(T(0)); }) == 0;
  });
}

}  // namespace heed
