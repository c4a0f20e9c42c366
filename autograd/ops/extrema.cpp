#include "autograd/ops/extrema.h"

#include <limits>

#include "autograd/ops/axis_set.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed {
namespace {

// Smaller than everything; turned round: larger.
template <class T, bool largest>
constexpr T worst() {
  using Limits = std::numeric_limits<T>;
  if constexpr (Limits::has_infinity) return largest ? -Limits::infinity() : Limits::infinity();
  return largest ? Limits::lowest() : Limits::max();
}

template <bool largest, class V>
V better(V a, V b) {
  if constexpr (largest) return maximum(a, b);
  else return minimum(a, b);
}

template <bool largest>
void extreme_kernel(const Tensor& from, const Split& split, Tensor& to) {
  dispatch_any(from.dtype(), [&]<class T>(T) {
    const T* x = from.data<T>();
    T* y = to.mutable_data<T>();
    for_each_line<T>(split, [&](auto line) {
      Vec<T> best(worst<T, largest>());
      line.each([&](auto at) { best = better<largest>(best, at.load(x)); });
      line.put(y, largest ? line.max(best) : line.min(best));
    });
  });
}

void check_not_empty(const Tensor& x, int64_t count, const char* name) {
  if (count == 0) throw Error("{}: {} has no elements along these axes to choose from", name, describe(x));
}

template <bool largest>
Tensor extreme(const char* name, const Tensor& x, const Axes& axes, bool keep) {
  const AxisSet set = axis_set(x, axes, name);
  check_not_empty(x, set.count, name);
  Tensor y = reduce_groups(x, set, keep, extreme_kernel<largest>);
  return record(name, {x}, y, [x, y, axes, kept = set.kept](const Tensor& dy) {
    Tensor share;  // 1 / (number of equals) at each of them: a constant
    {
      const Untaped guard;
      const auto equal = [](auto a, auto best) {
        return where((a == best) | ((a != a) & (best != best)), decltype(a)(1.0), decltype(a)(0.0));
      };
      const Tensor hits = zip(equal, x, reshape(y, kept));
      share = hits / sum(hits, axes, true);
    }
    return share * reshape(dy, kept);
  });
}

// Whether a takes the place of b: NaN that of every number, and among equals the first stays.
template <bool largest, class T>
bool is_better(T a, T b) {
  return (largest ? a > b : a < b) || (a != a && b == b);
}

// Where the extreme of each line is: the lowest index among equals.
template <bool largest, class T>
void find_columns(const T* x, const Split& split, T* best, int64_t* where_is) {
  for (int64_t j = 0; j < split.inner; ++j) best[j] = x[j], where_is[j] = 0;
  for (int64_t k = 1; k < split.n; ++k) {
    const T* row = x + k * split.inner;
    for (int64_t j = 0; j < split.inner; ++j)
      if (is_better<largest>(row[j], best[j])) best[j] = row[j], where_is[j] = k;
  }
}

// The first index of `value` among n numbers, where one NaN counts as another. A block at a time, whose comparisons
// need not wait for each other.
template <class T>
int64_t find_index(const T* x, int64_t n, T value) {
  if (value != value) return std::find_if(x, x + n, [](T a) { return a != a; }) - x;
  constexpr int64_t block = 64;
  for (int64_t k = 0; k + block <= n; k += block) {
    int found = 0;
    for (int64_t j = 0; j < block; ++j) found |= x[k + j] == value;
    if (found) return std::find(x + k, x + k + block, value) - x;
  }
  return std::find(x + n / block * block, x + n, value) - x;
}

template <bool largest>
std::pair<Tensor, Tensor> find_extremes(const char* name, const Tensor& x, int axis, bool keep) {
  const AxisSet set = axis_set(x, {axis}, name);
  check_not_empty(x, set.count, name);
  const int a = normal_axis(axis, x.rank(), name);
  const Split split = split_at(x.shape(), a, a);
  const Tensor dense = densify(x);
  const Shape& shape = keep ? set.kept : set.dropped;
  Tensor values = Tensor::empty(shape, x.dtype()), indices = Tensor::empty(shape, DType::i64);
  if (split.inner == 1) extreme_kernel<largest>(dense, split, values);
  dispatch_any(x.dtype(), [&]<class T>(T) {
    const T* from = dense.data<T>();
    T* best = values.mutable_data<T>();
    int64_t* at = indices.mutable_data<int64_t>();
    for (int64_t o = 0; o < split.outer; ++o, from += split.n * split.inner) {
      if (split.inner != 1) {
        find_columns<largest>(from, split, best + o * split.inner, at + o * split.inner);
      } else {
        at[o] = find_index(from, split.n, best[o]);
      }
    }
  });
  return {values, indices};
}

template <bool largest>
std::pair<Tensor, Tensor> extreme_along(const char* name, const Tensor& x, int axis, bool keep) {
  auto [values, indices] = find_extremes<largest>(name, x, axis, keep);
  const Shape shape = axis_set(x, {axis}, name).kept;
  const Tensor index = heed::kept(indices.view(shape, dense_strides(shape)));
  record(name, {x}, values, [index, axis, shape, of = x.shape()](const Tensor& dy) {
    return scatter_add(Tensor::zeros(of, dy.dtype()), axis, index, reshape(dy, shape));
  });
  return {values, indices};
}

}  // namespace

Tensor amax(const Tensor& x, const Axes& axes, bool keep) { return extreme<true>("amax", x, axes, keep); }
Tensor amin(const Tensor& x, const Axes& axes, bool keep) { return extreme<false>("amin", x, axes, keep); }

std::pair<Tensor, Tensor> max(const Tensor& x, int axis, bool keep) {
  return extreme_along<true>("max", x, axis, keep);
}
std::pair<Tensor, Tensor> min(const Tensor& x, int axis, bool keep) {
  return extreme_along<false>("min", x, axis, keep);
}

Tensor argmax(const Tensor& x, int axis, bool keep) { return find_extremes<true>("argmax", x, axis, keep).second; }
Tensor argmin(const Tensor& x, int axis, bool keep) { return find_extremes<false>("argmin", x, axis, keep).second; }

}  // namespace heed
