#include "autograd/pooling.h"

#include <algorithm>
#include <limits>

#include "autograd/record.h"

namespace heed {
namespace {

// One window along one axis.
struct Span {
  int64_t start, stop;  // what it covers of the input
  int64_t length;       // what it counts for in a mean
};
using Spans = std::vector<Span>;

void check_image(const char* name, const Tensor& x) {
  if (x.rank() != 4) throw Error("{}: wants x [N, C, H, W], got {}", name, describe(x));
  if (!is_float(x.dtype())) throw Error("{}: wants f32 or f64 numbers, got {}", name, describe(x));
}

struct Axis {
  int64_t size, kernel, stride, padding, dilation, count;  // count: of windows
};

Axis make_axis(const char* name, const Tensor& x, const Pool2dOptions& options, int k) {
  Axis a{x.size(k + 2),      options.kernel[k],   options.stride[k] ? options.stride[k] : options.kernel[k],
         options.padding[k], options.dilation[k], 0};
  if (a.kernel < 1 || a.stride < 1 || a.dilation < 1 || a.padding < 0 || 2 * a.padding > a.kernel)
    throw Error(
        "{}: kernel {}, stride {}, padding {}, dilation {} along axis {}: all but the padding must be at "
        "least 1, "
        "and the padding at most half the kernel",
        name, a.kernel, a.stride, a.padding, a.dilation, k + 2);
  const int64_t room = a.size + 2 * a.padding - a.dilation * (a.kernel - 1) - 1;
  if (room < 0)
    throw Error("{}: the kernel [{}, {}] is larger than the padded {}", name, options.kernel[0],
                options.kernel[1], describe(x));
  a.count = (options.ceil_mode ? room + a.stride - 1 : room) / a.stride + 1;
  if (options.ceil_mode && (a.count - 1) * a.stride >= a.size + a.padding) --a.count;
  return a;
}

Shape pooled_shape(const Tensor& x, int64_t height, int64_t width) {
  return {x.size(0), x.size(1), height, width};
}

// --- maximum

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
int64_t find_largest(const T* plane, int64_t width, Taps rows, int64_t row_step, Taps columns,
                     int64_t column_step) {
  if (rows.count == 0 || columns.count == 0) return -1;
  int64_t place = rows.start * width + columns.start;
  T best = plane[place];
  for (int64_t u = 0; u < rows.count; ++u) {
    int64_t here = (rows.start + u * row_step) * width + columns.start;
    for (int64_t v = 0; v < columns.count; ++v, here += column_step) {
      // Which number is larger cannot be foreseen, so both choices are made without a branch. A NaN is
      // taken and stays.
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
  dispatch_float(x.dtype(), "max_pool2d", [&](auto zero) {
    using T = decltype(zero);
    const int64_t plane = x.size(2) * x.size(3), cells = places.size(2) * places.size(3);
    const int64_t* place = places.data<int64_t>();
    const T* from = dense.data<T>();
    T* to = y.mutable_data<T>();
    for (int64_t n = x.size(0) * x.size(1); n > 0; --n, place += cells, to += cells, from += plane)
      for (int64_t i = 0; i < cells; ++i)
        to[i] = place[i] < 0 ? -std::numeric_limits<T>::infinity() : from[place[i]];
  });
  return record("max_pool2d", {x}, y,
                [places, shape = x.shape()](const Tensor& dy) { return put(dy, places, shape); });
}

// The transpose of take: zeros but for dy, added at `places`.
Tensor put(const Tensor& dy, const Tensor& places, const Shape& shape) {
  Tensor dx = Tensor::zeros(shape, dy.dtype());
  const Tensor dense = densify(dy);
  dispatch_float(dy.dtype(), "max_pool2d", [&](auto zero) {
    using T = decltype(zero);
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

// --- mean

Spans make_spans(const Axis& a, bool count_include_pad) {
  Spans spans;
  for (int64_t i = 0; i < a.count; ++i) {
    const int64_t start = i * a.stride - a.padding, stop = std::min(start + a.kernel, a.size + a.padding);
    const int64_t inside = std::max<int64_t>(start, 0), end = std::max(inside, std::min(stop, a.size));
    spans.push_back({inside, end, count_include_pad ? stop - start : end - inside});
  }
  return spans;
}

Spans make_cells(int64_t size, int64_t count) {
  Spans spans;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t start = i * size / count, stop = ((i + 1) * size + count - 1) / count;
    spans.push_back({start, stop, stop - start});
  }
  return spans;
}

struct Windows {
  const char* name;
  Spans rows, columns;
  double divisor;  // 0: the size of each window
  double weight(const Span& row, const Span& column) const {
    return 1 /
           (divisor != 0 ? divisor : static_cast<double>(std::max<int64_t>(row.length * column.length, 1)));
  }
};

// Calls window(cell, row span, column span, weight) for every window of every plane; cells are numbered
// through.
template <class T, class Window>
void for_windows(const Windows& windows, int64_t planes, Window window) {
  int64_t cell = 0;
  for (int64_t plane = 0; plane < planes; ++plane)
    for (const Span& row : windows.rows)
      for (const Span& column : windows.columns)
        window(plane, cell++, row, column, static_cast<T>(windows.weight(row, column)));
}

Tensor spread(const Tensor& dy, const Windows& windows, const Shape& shape);

Tensor average(const Tensor& x, const Windows& windows) {
  Tensor y = Tensor::empty(pooled_shape(x, static_cast<int64_t>(windows.rows.size()),
                                        static_cast<int64_t>(windows.columns.size())),
                           x.dtype());
  const Tensor dense = densify(x);
  dispatch_float(x.dtype(), windows.name, [&](auto zero) {
    using T = decltype(zero);
    const T* from = dense.data<T>();
    T* to = y.mutable_data<T>();
    const int64_t height = x.size(2), width = x.size(3);
    for_windows<T>(windows, x.size(0) * x.size(1),
                   [&](int64_t plane, int64_t cell, Span row, Span column, T weight) {
                     T total = 0;
                     for (int64_t r = row.start; r < row.stop; ++r)
                       for (int64_t c = column.start; c < column.stop; ++c)
                         total += from[(plane * height + r) * width + c];
                     to[cell] = total * weight;
                   });
  });
  return record(windows.name, {x}, y,
                [windows, shape = x.shape()](const Tensor& dy) { return spread(dy, windows, shape); });
}

// The transpose of average: each cell's gradient goes in equal parts to all that it was the mean of.
Tensor spread(const Tensor& dy, const Windows& windows, const Shape& shape) {
  Tensor dx = Tensor::zeros(shape, dy.dtype());
  const Tensor dense = densify(dy);
  dispatch_float(dy.dtype(), windows.name, [&](auto zero) {
    using T = decltype(zero);
    const T* from = dense.data<T>();
    T* to = dx.mutable_data<T>();
    for_windows<T>(windows, shape[0] * shape[1],
                   [&](int64_t plane, int64_t cell, Span row, Span column, T weight) {
                     const T part = from[cell] * weight;
                     for (int64_t r = row.start; r < row.stop; ++r)
                       for (int64_t c = column.start; c < column.stop; ++c)
                         to[(plane * shape[2] + r) * shape[3] + c] += part;
                   });
  });
  return record("gradient of a mean over windows", {dy}, dx,
                [windows](const Tensor& u) { return average(u, windows); });
}

}  // namespace

std::pair<Tensor, Tensor> max_pool2d(const Tensor& x, const Pool2dOptions& options) {
  check_image("max_pool2d", x);
  const Axis rows = make_axis("max_pool2d", x, options, 0), columns = make_axis("max_pool2d", x, options, 1);
  Tensor places = Tensor::empty(pooled_shape(x, rows.count, columns.count), DType::i64);
  const std::vector<Taps> row_taps = make_taps(rows), column_taps = make_taps(columns);
  const Tensor dense = densify(x);
  dispatch_float(x.dtype(), "max_pool2d", [&](auto zero) {
    using T = decltype(zero);
    int64_t* place = places.mutable_data<int64_t>();
    const T* plane = dense.data<T>();
    for (int64_t n = x.size(0) * x.size(1); n > 0; --n, plane += rows.size * columns.size)
      for (const Taps& row : row_taps)
        for (const Taps& column : column_taps)
          *place++ = find_largest(plane, columns.size, row, rows.dilation, column, columns.dilation);
  });
  return {take(x, places), places};
}

Tensor avg_pool2d(const Tensor& x, const Pool2dOptions& options) {
  check_image("avg_pool2d", x);
  if (options.dilation != std::array<int64_t, 2>{1, 1})
    throw Error("avg_pool2d: has no dilation, got [{}, {}]", options.dilation[0], options.dilation[1]);
  const Axis rows = make_axis("avg_pool2d", x, options, 0), columns = make_axis("avg_pool2d", x, options, 1);
  return average(x, {"avg_pool2d", make_spans(rows, options.count_include_pad),
                     make_spans(columns, options.count_include_pad), options.divisor});
}

Tensor adaptive_avg_pool2d(const Tensor& x, int64_t height, int64_t width) {
  check_image("adaptive_avg_pool2d", x);
  if (height < 1 || width < 1)
    throw Error("adaptive_avg_pool2d: [{}, {}] cells cannot be made of {}", height, width, describe(x));
  return average(x, {"adaptive_avg_pool2d", make_cells(x.size(2), height), make_cells(x.size(3), width), 0});
}

}  // namespace heed
