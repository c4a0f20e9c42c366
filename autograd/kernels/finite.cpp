#include "autograd/kernels/finite.h"

#include <algorithm>
#include <vector>

#include "autograd/kernels/panels.h"
#include "autograd/kernels/registers.h"

namespace heed {

// 0 x is 0 of a finite x, and NaN of every other.
bool all_finite(const Tensor& x) {
  const Tensor dense = densify(x);
  const int64_t panels = std::clamp<int64_t>(dense.numel() >> 16, 1, 8);
  std::vector<char> finite(static_cast<size_t>(panels));  // not bool: threads write side by side
  dispatch_float(x.dtype(), "all_finite", [&]<class T>(T) {
    in_panels(panels, [&](int64_t panel) {
      const int64_t begin = dense.numel() * panel / panels, end = dense.numel() * (panel + 1) / panels;
      const T* const numbers = dense.data<T>() + begin;
      finite[static_cast<size_t>(panel)] =
          sum_registers<T>(end - begin, [&](auto at) { return at.load(numbers) * Vec<T>(T(0)); }) == 0;
    });
  });
  return std::all_of(finite.begin(), finite.end(), [](char all) { return all; });
}

}  // namespace heed
