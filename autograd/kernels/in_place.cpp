#include "autograd/kernels/in_place.h"

#include <cstring>

#include "autograd/kernels/map.h"

namespace heed {

void add_in_place(Tensor& to, const Tensor& x, double scale) {
  if (!(to.shape() == x.shape())) throw Error("add_in_place: {} += {}", describe(to), describe(x));
  to.count_write();
  const Tensor* in[] = {&x};
  const auto scaled = [scale](const auto& from, auto& result) {
    result[0] = from[0] * std::remove_cvref_t<decltype(from[0])>(scale);
  };
  const Write how[] = {Write::add};
  Tensor dense;
  if (!runs_inward(to)) dense = densify(to);  // a transposed place: go by a dense sum
  Tensor* const out[] = {dense ? &dense : &to};
  run_rows(rows_of<decltype(scaled), 1, 1>, &scaled, to.shape(), in, out, how);
  if (dense) copy_into(to, dense);
}

void zero_fill(Tensor& x) {
  if (x.numel() == 0) return;
  dispatch_any(x.dtype(), [&]<class T>(T) {
    if (x.is_dense()) {
      std::memset(static_cast<void*>(x.mutable_data<T>()), 0, static_cast<size_t>(x.numel()) * sizeof(T));
    } else {
      copy_into(x, Tensor::scalar(0, x.dtype()).view(x.shape(), Strides{}));
    }
  });
}

}  // namespace heed
