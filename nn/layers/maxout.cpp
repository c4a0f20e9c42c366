#include "nn/layers/maxout.h"

#include <utility>

#include "autograd/base/simd.h"
#include "autograd/tape/record.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"

namespace heed {
namespace {

// Pools of two fill registers: the first and second numbers of as many pairs as a register has lanes, and back.
// Number by number, maxout would take rnnsearch_small (bench) 1.03 ms a step, not 0.18.
template <class T>
struct Pairs {
  Vec<T> first, second;
};
template <class T, size_t... I>
Pairs<T> load_pairs(const T* x, std::index_sequence<I...>) {
  const auto low = Vec<T>::load(x).lanes, high = Vec<T>::load(x + Vec<T>::width).lanes;
  return {__builtin_shufflevector(low, high, static_cast<int>(2 * I)...),
          __builtin_shufflevector(low, high, static_cast<int>(2 * I + 1)...)};
}
template <class T, size_t... I>
void store_pairs(Pairs<T> pairs, T* x, std::index_sequence<I...>) {
  constexpr size_t width = sizeof...(I);
  const auto a = pairs.first.lanes, b = pairs.second.lanes;
  Vec<T>(__builtin_shufflevector(a, b, static_cast<int>(I / 2 + I % 2 * width)...)).store(x);
  Vec<T>(__builtin_shufflevector(a, b, static_cast<int>(width / 2 + I / 2 + I % 2 * width)...)).store(x + width);
}

// Whether a is larger; NaN beats every number, and among equals the first wins.
template <class T>
bool beats(T a, T b) {
  return a > b || (a != a && b == b);
}

// The largest of each `pool` numbers.
template <class T>
void largest(const T* x, T* y, int64_t count, int64_t pool) {
  using V = Vec<T>;
  int64_t j = 0;
  for (; pool == 2 && j + V::width <= count; j += V::width) {
    const Pairs<T> pair = load_pairs(x + 2 * j, std::make_index_sequence<V::width>{});
    maximum(pair.second, pair.first).store(y + j);
  }
  for (; j < count; ++j) {
    T best = x[j * pool];
    for (int64_t u = 1; u < pool; ++u) best = beats(x[j * pool + u], best) ? x[j * pool + u] : best;
    y[j] = best;
  }
}

// dx = dy where x was the largest, else 0.
template <class T>
void put_back(const T* x, const T* dy, T* dx, int64_t count, int64_t pool) {
  using V = Vec<T>;
  constexpr std::make_index_sequence<V::width> lanes;
  int64_t j = 0;
  for (; pool == 2 && j + V::width <= count; j += V::width) {
    const Pairs<T> pair = load_pairs(x + 2 * j, lanes);
    const V &a = pair.first, &b = pair.second;
    const Mask<T> second_wins = (b > a) | ((b != b) & (a == a));
    const V upstream = V::load(dy + j), zero(T(0));
    store_pairs<T>({where(second_wins, zero, upstream), where(second_wins, upstream, zero)}, dx + 2 * j, lanes);
  }
  for (; j < count; ++j) {
    int64_t best = 0;
    for (int64_t u = 1; u < pool; ++u)
      if (beats(x[j * pool + u], x[j * pool + best])) best = u;
    for (int64_t u = 0; u < pool; ++u) dx[j * pool + u] = u == best ? dy[j] : T(0);
  }
}

Tensor put_back(const Tensor& x, const Tensor& dy, int64_t pool) {
  Tensor dx = Tensor::empty(x.shape(), x.dtype());
  const Tensor from = densify(x), upstream = densify(dy);
  dispatch_float(x.dtype(), "maxout", [&]<class T>(T) {
    put_back(from.data<T>(), upstream.data<T>(), dx.mutable_data<T>(), dy.numel(), pool);
  });
  return dx;
}

}  // namespace

Tensor maxout(const Tensor& x, int64_t pool) {
  check_defined("maxout", x);
  if (x.rank() < 1 || pool < 1 || x.size(-1) % pool != 0)
    throw Error("maxout: {} does not divide into pools of {} along its last axis", describe(x), pool);
  Shape shape = x.shape();
  shape[shape.rank() - 1] /= pool;
  Tensor y = Tensor::empty(shape, x.dtype());
  const Tensor from = densify(x);
  dispatch_float(x.dtype(), "maxout",
                 [&]<class T>(T) { largest(from.data<T>(), y.mutable_data<T>(), y.numel(), pool); });
  // The choice is locally constant: a mask that is 1 at each winner.
  const auto pullback = [x, pool](const Tensor& dy) {
    const Tensor mask = put_back(x, Tensor::full(dy.shape(), 1, dy.dtype()), pool);
    Shape pools = dy.shape();
    pools.push_back(pool);
    return reshape(unsqueeze(dy, -1) * reshape(mask, pools), x.shape());
  };
  const auto kernel = [x, pool](const Tensor& dy, InPlace& d) { d.add(0, put_back(x, dy, pool)); };
  return record("maxout", {x}, y, pullback, kernel);
}

}  // namespace heed
