#include "autograd/ops/indexing.h"

#include <cstring>

#include "autograd/kernels/in_place.h"
#include "autograd/kernels/long_sums.h"
#include "autograd/ops/lines.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"

namespace heed {
namespace {

// The ids densely, all of them within 0..count-1, for a pullback to keep.
Tensor checked_ids(const char* name, const Tensor& ids, int64_t count, const Tensor& of) {
  if (!ids || ids.dtype() != DType::i64)
    throw Error("{}: indices must be an i64 tensor, got {}", name, describe(ids));
  const Tensor dense = densify(ids);
  const int64_t* id = dense.data<int64_t>();
  const int64_t n = dense.numel();
  for (int64_t i = 0; i < n; ++i)
    if (id[i] < 0 || id[i] >= count)
      throw Error("{}: index {} at position {} is outside 0..{}, the {} entries of {}", name, id[i],
                  position(i, ids.shape()), count - 1, count, describe(of));
  return kept(dense);
}

// A tensor of the shape and type of x without its numbers: all that backward needs to know of x.
Tensor outline(const Tensor& x) { return Tensor::empty({}, x.dtype()).view(x.shape(), Strides{}); }

// --- whole slices along an axis: x seen as [outer, n, inner]

template <class T>
void take(const T* x, const Split& split, const int64_t* id, int64_t count, T* y) {
  const size_t bytes = static_cast<size_t>(split.inner) * sizeof(T);
  for (int64_t o = 0; o < split.outer; ++o, x += split.n * split.inner)
    for (int64_t k = 0; k < count; ++k, y += split.inner) {
      if (split.inner == 1) *y = x[id[k]];
      else std::memcpy(static_cast<void*>(y), x + id[k] * split.inner, bytes);
    }
}

// The transpose of take: x[id[k]] += y[k].
template <class T>
void give_back(T* x, const Split& split, const int64_t* id, int64_t count, int64_t padding, const T* y) {
  const bool is_long = count > kMostTerms;
  for (int64_t o = 0; o < split.outer; ++o, x += split.n * split.inner) {
    LongSums<T> sums(is_long ? x : nullptr, split.n, split.inner);
    for (int64_t k = 0; k < count; ++k, y += split.inner)
      if (id[k] != padding) add_row(is_long ? sums.row(id[k]) : x + id[k] * split.inner, y, split.inner);
  }
}

void give_back(Tensor& x, const Split& split, const Tensor& ids, int64_t padding, const Tensor& y) {
  const Tensor dense = densify(y);
  dispatch_float(x.dtype(), "index_select", [&]<class T>(T) {
    give_back(x.mutable_data<T>(), split, ids.data<int64_t>(), ids.numel(), padding, dense.data<T>());
  });
}

Tensor take_slices(const char* name, const Tensor& x, int axis, const Tensor& ids, const Shape& shape,
                   int64_t padding);

// The gradient of take_slices as an operation.
Tensor give_back_slices(const char* name, const Tensor& dy, int axis, const Tensor& ids, const Shape& shape,
                        int64_t padding) {
  Tensor dx = Tensor::zeros(shape, dy.dtype());
  give_back(dx, split_at(shape, axis, axis), ids, padding, dy);
  return record("give_back_slices", {dy}, dx, [=, to = dy.shape()](const Tensor& u) {
    Tensor taken = take_slices(name, u, axis, ids, to, padding);
    if (padding < 0) return taken;
    Tensor is_padding = Tensor::empty({ids.numel(), 1}, DType::i64);
    for (int64_t i = 0; i < ids.numel(); ++i)
      is_padding.mutable_data<int64_t>()[i] = ids.data<int64_t>()[i] == padding;
    return reshape(masked_fill(reshape(taken, {ids.numel(), shape[1]}), is_padding, 0), to);
  });
}

Tensor take_slices(const char* name, const Tensor& x, int axis, const Tensor& ids, const Shape& shape,
                   int64_t padding) {
  Tensor y = Tensor::empty(shape, x.dtype());
  const Split split = split_at(x.shape(), axis, axis);
  const Tensor dense = densify(x);
  dispatch_any(x.dtype(), [&]<class T>(T) {
    take(dense.data<T>(), split, ids.data<int64_t>(), ids.numel(), y.mutable_data<T>());
  });
  if (!recording()) return y;
  const auto pullback = [name, axis, ids, padding, shape = x.shape()](const Tensor& dy) {
    return give_back_slices(name, dy, axis, ids, shape, padding);
  };
  const auto kernel = [ids, split, padding, like = outline(x)](const Tensor& dy, InPlace& d) {
    SuitablePlace dx(d, 0, like, is_dense);
    dx.zero();
    give_back(dx.tensor(), split, ids, padding, dy);
    dx.finish();
  };
  return record(name, {x}, y, pullback, kernel);
}

// --- single elements: f(number of the element in index, offset of its target) all over an index tensor.
// `shape` and `strides` are those of the tensor that is pointed into.
template <class F>
void for_each_target(const Tensor& index, const Strides& strides, int axis, F f) {
  const Shape& shape = index.shape();
  const int64_t n = index.numel();
  const int64_t* id = index.data<int64_t>();
  const int last = shape.rank() - 1;
  const int64_t inner = shape[last];
  const int64_t step = axis == last ? 0 : strides[last];
  int64_t at[kMaxRank] = {};
  int64_t base = 0;
  for (int64_t i = 0; i < n;) {
    for (int64_t j = 0; j < inner; ++j, ++i) f(i, base + j * step + id[i] * strides[axis]);
    for (int a = last - 1; a >= 0; --a) {
      const int64_t stride = a == axis ? 0 : strides[a];
      base += stride;
      if (++at[a] < shape[a]) break;
      base -= stride * shape[a];
      at[a] = 0;
    }
  }
}

// Checks the index against x and gives it densely.
Tensor checked_targets(const char* name, const Tensor& x, int axis, const Tensor& index) {
  if (!index || index.rank() != x.rank() || x.rank() == 0)
    throw Error("{}: x and the index must have the same number of axes, at least one; x is {}, the index {}", name,
                describe(x), describe(index));
  for (int i = 0; i < x.rank(); ++i)
    if (i != axis && index.size(i) > x.size(i))
      throw Error("{}: the index {} is longer than x {} on axis {}", name, describe(index), describe(x), i);
  return checked_ids(name, index, x.size(axis), x);
}

void check_source(const char* name, const Tensor& x, const Tensor& index, const Tensor& src) {
  if (!src || !(src.shape() == index.shape()) || src.dtype() != x.dtype())
    throw Error("{}: the source must have the shape of the index {} and the type of x {}, got {}", name,
                to_string(index.shape()), describe(x), describe(src));
}

// How far the numbers of a tensor reach, gaps included.
int64_t reach(const Tensor& y) {
  int64_t last = 0;
  for (int axis = 0; axis < y.rank(); ++axis) last += (y.size(axis) - 1) * y.strides()[axis];
  return y.numel() == 0 ? 0 : last + 1;
}

// y[target of i] = or += src[i]
template <bool adds>
void put(Tensor& y, int axis, const Tensor& index, const Tensor& src) {
  const Tensor dense = densify(src);
  dispatch_any(y.dtype(), [&]<class T>(T) {
    const T* from = dense.data<T>();
    T* to = y.mutable_data<T>();
    // A number is pointed at once for each entry along the axis, at most.
    const bool is_long = adds && index.size(axis) > kMostTerms;
    LongSums<T> sums(is_long ? to : nullptr, reach(y), 1);
    for_each_target(index, y.strides(), axis, [&](int64_t i, int64_t target) {
      if constexpr (adds) *(is_long ? sums.row(target) : to + target) += from[i];
      else to[target] = from[i];
    });
  });
}

}  // namespace

Tensor embedding(const Tensor& weight, const Tensor& ids, int64_t padding) {
  check_defined("embedding", weight, ids);
  if (!weight || weight.rank() != 2) throw Error("embedding: the table must be [V, E], got {}", describe(weight));
  if (padding < -1 || padding >= weight.size(0))
    throw Error("embedding: padding is row {} of {}, or -1 for none", padding, weight.size(0));
  const Tensor dense = checked_ids("embedding", ids, weight.size(0), weight);
  Shape shape = ids.shape();
  shape.push_back(weight.size(1));
  return take_slices("embedding", weight, 0, dense, shape, padding);
}

Tensor index_select(const Tensor& x, int axis, const Tensor& index) {
  check_defined("index_select", x, index);
  const int a = normal_axis(axis, x.rank(), "index_select");
  if (!index || index.rank() != 1) throw Error("index_select: the index must be [K], got {}", describe(index));
  Shape shape = x.shape();
  shape[a] = index.size(0);
  return take_slices("index_select", x, a, checked_ids("index_select", index, x.size(a), x), shape, -1);
}

Tensor gather(const Tensor& x, int axis, const Tensor& index) {
  check_defined("gather", x, index);
  const int a = normal_axis(axis, x.rank(), "gather");
  const Tensor dense = checked_targets("gather", x, a, index);
  Tensor y = Tensor::empty(index.shape(), x.dtype());
  dispatch_any(x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    T* to = y.mutable_data<T>();
    for_each_target(dense, x.strides(), a, [&](int64_t i, int64_t source) { to[i] = from[source]; });
  });
  const auto pullback = [shape = x.shape(), a, dense](const Tensor& dy) {
    return scatter_add(Tensor::zeros(shape, dy.dtype()), a, dense, dy);
  };
  const auto kernel = [like = outline(x), a, dense](const Tensor& dy, InPlace& d) {
    Tensor dx = d.place_zeroed(0, like);
    put<true>(dx, a, dense, dy);
  };
  return record("gather", {x}, y, pullback, kernel);
}

Tensor scatter(const Tensor& x, int axis, const Tensor& index, const Tensor& src) {
  check_defined("scatter", x, index, src);
  const int a = normal_axis(axis, x.rank(), "scatter");
  const Tensor dense = checked_targets("scatter", x, a, index);
  check_source("scatter", x, dense, src);
  Tensor y = copy_of(x);
  put<false>(y, a, dense, src);
  return record("scatter", {x, src}, y, [a, dense](const Tensor& dy, Adjoints& d) {
    if (d.wanted(0)) d.add(0, scatter(dy, a, dense, Tensor::zeros(dense.shape(), dy.dtype())));
    if (d.wanted(1)) d.add(1, gather(dy, a, dense));
  });
}

Tensor scatter_add(const Tensor& x, int axis, const Tensor& index, const Tensor& src) {
  check_defined("scatter_add", x, index, src);
  const int a = normal_axis(axis, x.rank(), "scatter_add");
  const Tensor dense = checked_targets("scatter_add", x, a, index);
  check_source("scatter_add", x, dense, src);
  Tensor y = copy_of(x);
  put<true>(y, a, dense, src);
  return record("scatter_add", {x, src}, y, [a, dense](const Tensor& dy, Adjoints& d) {
    if (d.wanted(0)) d.add(0, dy);
    if (d.wanted(1)) d.add(1, gather(dy, a, dense));
  });
}

Tensor one_hot(const Tensor& ids, int64_t count) {
  check_defined("one_hot", ids);
  Shape shape = ids.shape();
  shape.push_back(count);
  Tensor y = Tensor::zeros(shape, DType::i64);
  const Tensor dense = checked_ids("one_hot", ids, count, y);
  for (int64_t i = 0; i < dense.numel(); ++i) y.mutable_data<int64_t>()[i * count + dense.data<int64_t>()[i]] = 1;
  return y;
}

}  // namespace heed
