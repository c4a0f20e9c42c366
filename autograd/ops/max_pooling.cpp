// Maxima over windows; means are in pooling.cpp.
#include "autograd/ops/max_pooling.h"

#include <algorithm>
#include <limits>

#include "autograd/kernels/registers.h"
#include "autograd/ops/pooling_axes.h"
#include "autograd/tape/record.h"

namespace heed {
namespace {

using pooling::Axis;

// The taps of one window along one axis that fall inside the input.
struct Taps {
  int64_t start, count;
};
std::vector<Taps> make_taps(const Axis& a) {
  std::vector<Taps> windows;
  for (int64_t i = 0; i < a.count; ++i) {
    const int64_t start = i * a.stride - a.padding;
    const int64_t skipped = start < 0 ? (-start + a.dilation - 1) / a.dilation : 0;
    const int64_t first = start + skipped * a.dilation;
    const int64_t room = first < a.size ? (a.size - 1 - first) / a.dilation + 1 : 0;
    windows.push_back({first, std::clamp<int64_t>(room, 0, a.kernel - skipped)});
  }
  return windows;
}

// The place of the first largest number in a window; -1 if the window lies in the padding.
template <class T>
int64_t find_largest(const T* plane, int64_t width, Taps rows, int64_t row_step, Taps columns, int64_t column_step) {
  if (rows.count == 0 || columns.count == 0) return -1;
  int64_t place = rows.start * width + columns.start;
  T best = plane[place];
  for (int64_t u = 0; u < rows.count; ++u) {
    int64_t here = (rows.start + u * row_step) * width + columns.start;
    for (int64_t v = 0; v < columns.count; ++v, here += column_step) {
      // Which is larger cannot be foreseen, so both choices are made, without a branch. A NaN stays.
      const T value = plane[here];
      const int64_t better = -static_cast<int64_t>((value > best) | (value != value));
      place ^= (place ^ here) & better;
      best = better ? value : best;
    }
  }
  return place;
}

Tensor put(const Tensor& dy, const Tensor& places, const Shape& shape);

// y = the numbers of x at `places` within each plane.
Tensor take(const Tensor& x, const Tensor& places) {
  Tensor y = Tensor::empty(places.shape(), x.dtype());
  const Tensor dense = densify(x);
  dispatch_float(x.dtype(), "max_pool2d", [&]<class T>(T) {
    const int64_t plane = x.size(2) * x.size(3), cells = places.size(2) * places.size(3);
    const int64_t* place = places.data<int64_t>();
    const T* from = dense.data<T>();
    T* to = y.mutable_data<T>();
    for (int64_t n = x.size(0) * x.size(1); n > 0; --n, place += cells, to += cells, from += plane)
      for (int64_t i = 0; i < cells; ++i) to[i] = place[i] < 0 ? -std::numeric_limits<T>::infinity() : from[place[i]];
  });
  return record("max_pool2d", {x}, y,
                [places, shape = x.shape()](const Tensor& dy) { return put(dy, places, shape); });
}

// The transpose of take: zeros but for dy, added at `places`.
Tensor put(const Tensor& dy, const Tensor& places, const Shape& shape) {
  Tensor dx = Tensor::zeros(shape, dy.dtype());
  const Tensor dense = densify(dy);
  dispatch_float(dy.dtype(), "max_pool2d", [&]<class T>(T) {
    const int64_t plane = shape[2] * shape[3], cells = places.size(2) * places.size(3);
    const int64_t* place = places.data<int64_t>();
    const T* from = dense.data<T>();
    T* to = dx.mutable_data<T>();
    for (int64_t n = shape[0] * shape[1]; n > 0; --n, place += cells, from += cells, to += plane)
      for (int64_t i = 0; i < cells; ++i)
        if (place[i] >= 0) to[place[i]] += from[i];
  });
  return record("max_pool2d's gradient", {dy}, dx, [places](const Tensor& u) { return take(u, places); });
}

template <class T>
HEED_INLINE Vec<T> larger(Vec<T> best, Vec<T> value) {
  return where((value > best) | !(value == value), value, best);  // a NaN is taken and stays
}

// line[j] = the largest of column j within the rows of a window.
template <class T>
void largest_of_rows(T* line, const T* plane, int64_t width, Taps rows, int64_t row_step) {
  const T* const first = plane + rows.start * width;
  each_full_register<T>(width, [&](auto at) {
    Vec<T> best(-std::numeric_limits<T>::infinity());
    for (int64_t u = 0; u < rows.count; ++u) best = larger(best, at.load(first + u * row_step * width));
    at.store(line, best);
  });
}

// to[i] = the largest of the kernel's numbers from line[i stride] on. `each` has room for that of every place: those
// between the strides cost less than to skip them.
template <class T>
void largest_of_columns(T* to, T* each, const T* line, const Axis& columns) {
  each_full_register<T>((columns.count - 1) * columns.stride + 1, [&](auto at) {
    Vec<T> best = at.load(line);
    for (int64_t v = 1; v < columns.kernel; ++v) best = larger(best, at.load(line + v * columns.dilation));
    at.store(each, best);
  });
  for (int64_t i = 0; i < columns.count; ++i) to[i] = each[i * columns.stride];
}

// Only the values, when nobody will ask where they were: first along the columns, a register at a time.
Tensor largest_values(const Tensor& x, const std::array<Axis, 2>& axes) {
  const Axis &rows = axes[0], &columns = axes[1];
  Tensor y = Tensor::empty(pooling::pooled_shape(x, rows.count, columns.count), x.dtype());
  const std::vector<Taps> row_taps = make_taps(rows);
  const Tensor dense = densify(x);
  const int64_t reach = (columns.count - 1) * columns.stride + columns.dilation * (columns.kernel - 1) + 1;
  dispatch_float(x.dtype(), "max_pool2d", [&]<class T>(T) {
    T* to = y.mutable_data<T>();
    const T* plane = dense.data<T>();
    // A row with its padding, and its maxima.
    std::vector<T> line(static_cast<size_t>(std::max(reach, columns.padding + columns.size)),
                        -std::numeric_limits<T>::infinity());
    std::vector<T> each(line.size());
    for (int64_t n = x.size(0) * x.size(1); n > 0; --n, plane += rows.size * columns.size)
      for (const Taps& row : row_taps) {
        largest_of_rows(line.data() + columns.padding, plane, columns.size, row, rows.dilation);
        largest_of_columns(to, each.data(), line.data(), columns);
        to += columns.count;
      }
  });
  return y;
}

// Where the largest number of each window stands within its plane.
Tensor largest_places(const Tensor& x, const std::array<Axis, 2>& axes) {
  const Axis &rows = axes[0], &columns = axes[1];
  Tensor places = Tensor::empty(pooling::pooled_shape(x, rows.count, columns.count), DType::i64);
  const std::vector<Taps> row_taps = make_taps(rows), column_taps = make_taps(columns);
  const Tensor dense = densify(x);
  dispatch_float(x.dtype(), "max_pool2d", [&]<class T>(T) {
    int64_t* place = places.mutable_data<int64_t>();
    const T* plane = dense.data<T>();
    for (int64_t n = x.size(0) * x.size(1); n > 0; --n, plane += rows.size * columns.size)
      for (const Taps& row : row_taps)
        for (const Taps& column : column_taps)
          *place++ = find_largest(plane, columns.size, row, rows.dilation, column, columns.dilation);
  });
  return places;
}

}  // namespace

Tensor max_pool2d(const Tensor& x, const Pool2dOptions& options) {
  check_defined("max_pool2d", x);
  const std::array<Axis, 2> axes = pooling::make_axes("max_pool2d", x, options);
  return recording() ? take(x, largest_places(x, axes)) : largest_values(x, axes);
}

std::pair<Tensor, Tensor> max_pool2d_with_places(const Tensor& x, const Pool2dOptions& options) {
  check_defined("max_pool2d_with_places", x);
  const Tensor places = largest_places(x, pooling::make_axes("max_pool2d", x, options));
  return {take(x, kept(places)), places};
}

}  // namespace heed
