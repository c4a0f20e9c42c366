// Means over windows; maxima are in max_pooling.cpp.
#include <algorithm>

#include "autograd/kernels/long_sums.h"
#include "autograd/ops/pooling_axes.h"
#include "autograd/tape/record.h"

namespace heed {
namespace {

// One window along one axis.
struct Span {
  int64_t start, stop;  // what it covers of the input
  int64_t length;       // what it counts for in a mean
};
using Spans = std::vector<Span>;

Spans make_spans(const pooling::Axis& a, bool count_include_pad) {
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
    return 1 / (divisor != 0 ? divisor : static_cast<double>(std::max<int64_t>(row.length * column.length, 1)));
  }
};

// Calls window(cell, row span, column span, weight) for every window of every plane;
// cells are numbered through.
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
  Tensor y = Tensor::empty(pooling::pooled_shape(x, static_cast<int64_t>(windows.rows.size()),
                                                 static_cast<int64_t>(windows.columns.size())),
                           x.dtype());
  const Tensor dense = densify(x);
  dispatch_float(x.dtype(), windows.name, [&]<class T>(T) {
    const T* from = dense.data<T>();
    T* to = y.mutable_data<T>();
    const int64_t height = x.size(2), width = x.size(3);
    for_windows<T>(windows, x.size(0) * x.size(1), [&](int64_t plane, int64_t cell, Span row, Span column, T weight) {
      double total = 0;  // a window may be the whole picture
      for (int64_t r = row.start; r < row.stop; ++r)
        for (int64_t c = column.start; c < column.stop; ++c) total += from[(plane * height + r) * width + c];
      to[cell] = static_cast<T>(total * static_cast<double>(weight));
    });
  });
  return record(windows.name, {x}, y,
                [windows, shape = x.shape()](const Tensor& dy) { return spread(dy, windows, shape); });
}

// The transpose of average: each cell's gradient goes in equal parts to all that it was the mean of.
Tensor spread(const Tensor& dy, const Windows& windows, const Shape& shape) {
  Tensor dx = Tensor::zeros(shape, dy.dtype());
  const Tensor dense = densify(dy);
  dispatch_float(dy.dtype(), windows.name, [&]<class T>(T) {
    const T* from = dense.data<T>();
    LongSums<T> lines(dx.mutable_data<T>(), shape[0] * shape[1] * shape[2], shape[3]);
    for_windows<T>(windows, shape[0] * shape[1], [&](int64_t plane, int64_t cell, Span row, Span column, T weight) {
      const T part = from[cell] * weight;
      for (int64_t r = row.start; r < row.stop; ++r) {
        T* const to = lines.row(plane * shape[2] + r);
        for (int64_t c = column.start; c < column.stop; ++c) to[c] += part;
      }
    });
  });
  return record("gradient of a mean over windows", {dy}, dx,
                [windows](const Tensor& u) { return average(u, windows); });
}

}  // namespace

Tensor avg_pool2d(const Tensor& x, const Pool2dOptions& options) {
  check_defined("avg_pool2d", x);
  const auto [rows, columns] = pooling::make_axes("avg_pool2d", x, options);
  if (options.dilation != std::array<int64_t, 2>{1, 1})
    throw Error("avg_pool2d: has no dilation, got [{}, {}]", options.dilation[0], options.dilation[1]);
  return average(x, {"avg_pool2d", make_spans(rows, options.count_include_pad),
                     make_spans(columns, options.count_include_pad), options.divisor});
}

Tensor adaptive_avg_pool2d(const Tensor& x, int64_t height, int64_t width) {
  check_defined("adaptive_avg_pool2d", x);
  pooling::check_image("adaptive_avg_pool2d", x);
  if (height < 1 || width < 1 || std::max(height, width) >= kLargestSide)
    throw Error("adaptive_avg_pool2d: [{}, {}] cells cannot be made of {}", height, width, describe(x));
  return average(x, {"adaptive_avg_pool2d", make_cells(x.size(2), height), make_cells(x.size(3), width), 0});
}

}  // namespace heed
