#include "nn/maxout.h"

#include "autograd/elementwise.h"
#include "autograd/record.h"
#include "autograd/shape_ops.h"

namespace heed {
namespace {

// The largest of each `pool` numbers. For pools of two the sizes are known when this is compiled (Pool = 2), and
// fixed-length inner loops let the compiler do many outputs at once.
template <int Pool, class T>
void largest(const T* x, T* y, int64_t count, int64_t pool) {
  int64_t j = 0;
  if constexpr (Pool == 2)
    for (; j + 16 <= count; j += 16)
      for (int64_t i = j; i < j + 16; ++i) y[i] = x[2 * i + 1] > x[2 * i] ? x[2 * i + 1] : x[2 * i];
  for (; j < count; ++j) {
    T best = x[j * pool];
    for (int64_t u = 1; u < pool; ++u) best = x[j * pool + u] > best ? x[j * pool + u] : best;
    y[j] = best;
  }
}

// dx = dy where x was the largest, else 0.
template <int Pool, class T>
void put_back(const T* x, const T* dy, T* dx, int64_t count, int64_t pool) {
  int64_t j = 0;
  if constexpr (Pool == 2)
    for (; j + 16 <= count; j += 16)
      for (int64_t i = j; i < j + 16; ++i) {
        const bool second = x[2 * i + 1] > x[2 * i];
        dx[2 * i] = second ? T(0) : dy[i];
        dx[2 * i + 1] = second ? dy[i] : T(0);
      }
  for (; j < count; ++j) {
    int64_t best = 0;
    for (int64_t u = 1; u < pool; ++u)
      if (x[j * pool + u] > x[j * pool + best]) best = u;
    for (int64_t u = 0; u < pool; ++u) dx[j * pool + u] = u == best ? dy[j] : T(0);
  }
}

Tensor put_back(const Tensor& x, const Tensor& dy, int64_t pool) {
  Tensor dx = Tensor::empty(x.shape(), x.dtype());
  const Tensor from = densify(x), upstream = densify(dy);
  dispatch_float(x.dtype(), "maxout", [&](auto zero) {
    using T = decltype(zero);
    const auto run = pool == 2 ? put_back<2, T> : put_back<0, T>;
    run(from.data<T>(), upstream.data<T>(), dx.mutable_data<T>(), dy.numel(), pool);
  });
  return dx;
}

}  // namespace

Tensor maxout(const Tensor& x, int64_t pool) {
  if (x.rank() < 1 || pool < 1 || x.size(-1) % pool != 0)
    throw Error("maxout: {} does not divide into pools of {} along its last axis", describe(x), pool);
  Shape shape = x.shape();
  shape[shape.rank() - 1] /= pool;
  Tensor y = Tensor::empty(shape, x.dtype());
  const Tensor from = densify(x);
  dispatch_float(x.dtype(), "maxout", [&](auto zero) {
    using T = decltype(zero);
    const auto run = pool == 2 ? largest<2, T> : largest<0, T>;
    run(from.data<T>(), y.mutable_data<T>(), y.numel(), pool);
  });
  return record("maxout", {x}, y, [x, pool](const Tensor& dy) {
    if (!recording()) return put_back(x, dy, pool);
    // The choice is locally constant: a mask that is 1 at each winner says the same with recorded operations.
    const Tensor mask = put_back(x, Tensor::full(dy.shape(), 1, dy.dtype()), pool);
    Shape pools = dy.shape();
    pools.push_back(pool);
    return reshape(unsqueeze(dy, -1) * reshape(mask, pools), x.shape());
  });
}

}  // namespace heed
