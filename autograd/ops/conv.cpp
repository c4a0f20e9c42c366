#include "autograd/ops/conv.h"

#include <algorithm>
#include <cstring>

#include "autograd/kernels/blas.h"
#include "autograd/kernels/finite.h"
#include "autograd/kernels/long_sums.h"
#include "autograd/kernels/registers.h"
#include "autograd/kernels/winograd.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/record.h"
#include "autograd/zip/activations.h"

namespace heed {
namespace {

// All sizes of one convolution.
struct Geometry {
  Shape x, w, y;
  Conv2dOptions options;

  int64_t group_inputs() const { return w[1]; }
  int64_t group_outputs() const { return w[0] / options.groups; }
  int64_t taps() const { return w[1] * w[2] * w[3]; }  // inputs that one output pixel sees
  int64_t pixels() const { return y[2] * y[3]; }
  // A 1x1 kernel: the image is its own matrix of columns.
  bool is_pointwise() const {
    return w[2] == 1 && w[3] == 1 && options.stride == std::array<int64_t, 2>{1, 1} &&
           options.padding == std::array<int64_t, 2>{0, 0};
  }
  // It adds and subtracts neighbours, so one infinite number would make NaN of others that never saw it.
  bool suits_winograd(const Tensor& left, const Tensor& right) const {
    const std::array<int64_t, 2> one{1, 1};
    return options.winograd && left.dtype() == DType::f32 && w[2] == 3 && w[3] == 3 && options.stride == one &&
           options.dilation == one && options.groups == 1 && options.padding[0] <= 2 && options.padding[1] <= 2 &&
           winograd::pays(x, w, y) && all_finite(left) && all_finite(right);
  }
};

Geometry make_geometry(const Shape& x, const Shape& w, const Conv2dOptions& options) {
  const auto fail = [&](const char* why) {
    throw Error("conv2d: {}; x is {}, weight is {}, groups {}", why, to_string(x), to_string(w), options.groups);
  };
  if (x.rank() != 4 || w.rank() != 4) fail("wants x [N, C, H, W] and weight [O, C/groups, kh, kw]");
  if (options.groups < 1 || w[0] % options.groups != 0) fail("the output channels do not divide into the groups");
  if (x[1] != w[1] * options.groups) fail("the channels of x must be weight's second length times groups");
  Geometry g{x, w, {x[0], w[0]}, options};
  for (int k = 0; k < 2; ++k) {
    if (options.stride[k] < 1 || options.dilation[k] < 1 || options.padding[k] < 0)
      fail("stride and dilation must be at least 1, padding at least 0");
    if (w[k + 2] < 1) fail("the kernel is empty");
    if (std::max({options.stride[k], options.dilation[k], options.padding[k], x[k + 2], w[k + 2]}) >= kLargestSide)
      fail("no stride, dilation, padding, kernel or image may have 2^31 and more to a side");
    const int64_t reach = options.dilation[k] * (w[k + 2] - 1) + 1;
    const int64_t room = x[k + 2] + 2 * options.padding[k] - reach;
    if (room < 0) fail("the kernel is larger than the padded image");
    g.y.push_back(room / options.stride[k] + 1);
  }
  return g;
}

// The output columns j for which tap v of the kernel falls inside the image: [first, last).
struct Inside {
  int64_t first, last, shift;  // the input column of j is  j stride + shift
  Inside(const Geometry& g, int64_t v) : shift(v * g.options.dilation[1] - g.options.padding[1]) {
    const int64_t stride = g.options.stride[1];
    first = shift >= 0 ? 0 : std::min(g.y[3], (-shift + stride - 1) / stride);
    last = shift >= g.x[3] ? first : std::clamp((g.x[3] - 1 - shift) / stride + 1, first, g.y[3]);
  }
};

// Calls row(tap, output_row, input_row or -1, inside) for every row of the columns of
// output rows [top, bottom).
template <class Row>
void for_tap_rows(const Geometry& g, int64_t top, int64_t bottom, Row row) {
  const Conv2dOptions& o = g.options;
  int64_t tap = 0;
  for (int64_t c = 0; c < g.group_inputs(); ++c)
    for (int64_t u = 0; u < g.w[2]; ++u)
      for (int64_t v = 0; v < g.w[3]; ++v, ++tap) {
        const Inside inside(g, v);
        for (int64_t i = top; i < bottom; ++i) {
          const int64_t r = i * o.stride[0] - o.padding[0] + u * o.dilation[0];
          row(tap, i, r >= 0 && r < g.x[2] ? c * g.x[2] + r : -1, inside);
        }
      }
}

// A matrix inside a tensor: `offset` elements in, rows `step` apart.
Tensor matrix(const Tensor& t, int64_t offset, int64_t rows, int64_t columns, int64_t step) {
  return t.view({rows, columns}, {step, 1}, offset);
}

// Rows [top, bottom) of one group's outputs, and what they have to do with; the matrices are views.
struct Strip {
  Tensor weights;        // [O, taps]
  Tensor y;              // [O, (bottom - top) W']
  Tensor columns;        // [taps, (bottom - top) W']: of a 1x1 kernel the image itself, else a buffer
  int64_t image;         // where the group's channels begin in x
  int64_t first_output;  // of the group
  int64_t top, bottom;
};

// Calls work(strip) for each strip of all pictures.
template <class Work>
void for_strips(const Geometry& g, const Tensor& w, const Tensor& y, const Tensor& x, Work work) {
  if (g.x[0] == 0 || g.pixels() == 0 || g.taps() == 0 || g.w[0] == 0) return;
  // Columns of half a megabyte stay in the second-level cache between being written and being multiplied.
  const int64_t row_bytes = g.taps() * g.y[3] * size_of(x.dtype());
  const int64_t rows = g.is_pointwise() ? g.y[2] : std::clamp<int64_t>((1 << 19) / row_bytes, 1, g.y[2]);
  const int64_t outputs = g.group_outputs(), image = g.group_inputs() * g.x[2] * g.x[3];
  Tensor buffer;
  if (!g.is_pointwise()) buffer = Tensor::empty({g.taps() * rows * g.y[3]}, x.dtype());
  for (int64_t n = 0; n < g.x[0]; ++n)
    for (int64_t k = 0; k < g.options.groups; ++k) {
      const int64_t block = n * g.options.groups + k;
      const Tensor weights = matrix(w, k * outputs * g.taps(), outputs, g.taps(), g.taps());
      for (int64_t top = 0; top < g.y[2]; top += rows) {
        const int64_t bottom = std::min(top + rows, g.y[2]), length = (bottom - top) * g.y[3];
        const Tensor part = matrix(y, block * outputs * g.pixels() + top * g.y[3], outputs, length, g.pixels());
        const Tensor columns = g.is_pointwise() ? matrix(x, block * image, g.taps(), length, length)
                                                : matrix(buffer, 0, g.taps(), length, length);
        work(Strip{weights, part, columns, block * image, k * outputs, top, bottom});
      }
    }
}

// The columns of a strip, from the pixels of x.
template <class T>
void gather_columns(Strip& s, const Tensor& x, const Geometry& g) {
  if (g.is_pointwise()) return;
  const int64_t width = g.y[3], stride = g.options.stride[1], length = s.columns.size(1);
  const T* image = x.data<T>() + s.image;
  T* columns = s.columns.mutable_data<T>();
  for_tap_rows(g, s.top, s.bottom, [&](int64_t tap, int64_t i, int64_t source, const Inside& in) {
    T* to = columns + tap * length + (i - s.top) * width;
    if (source < 0) {
      std::fill(to, to + width, T(0));
      return;
    }
    const T* from = image + source * g.x[3] + in.shift;
    std::fill(to, to + in.first, T(0));
    if (stride == 1) std::copy(from + in.first, from + in.last, to + in.first);
    else
      for (int64_t j = in.first; j < in.last; ++j) to[j] = from[j * stride];
    std::fill(to + in.last, to + width, T(0));
  });
}

// The transpose of gather_columns: each number of the columns is added to the pixel that it came from.
template <class T>
void scatter_columns(Tensor& x, const Strip& s, const Geometry& g) {
  if (g.is_pointwise()) return;
  const int64_t width = g.y[3], stride = g.options.stride[1], length = s.columns.size(1);
  T* image = x.mutable_data<T>() + s.image;
  const T* columns = s.columns.data<T>();
  for_tap_rows(g, s.top, s.bottom, [&](int64_t tap, int64_t i, int64_t target, const Inside& in) {
    if (target < 0 || in.first == in.last) return;
    const T* from = columns + tap * length + (i - s.top) * width;
    T* to = image + target * g.x[3] + in.shift;
    if (stride == 1) add_row(to + in.first, from + in.first, in.last - in.first);
    else
      for (int64_t j = in.first; j < in.last; ++j) to[j * stride] += from[j];
  });
}

// The last of a product's output [O, pixels], while it is in the cache.
template <class T>
void finish(Tensor y, const T* bias, bool relu) {
  if (!bias && !relu) return;
  T* row = y.mutable_data<T>();
  for (int64_t o = 0; o < y.size(0); ++o, row += y.strides()[0]) {
    const Vec<T> more(bias ? bias[o] : T(0));
    each_register<T>(0, y.size(1), [&](auto at) {
      const Vec<T> value = at.load(row) + more;
      at.store(row, relu ? where(value <= Vec<T>(T(0)), Vec<T>(T(0)), value) : value);
    });
  }
}

template <class T>
void finish_images(const Tensor& y, const T* bias, const Geometry& g) {
  for (int64_t n = 0; n < g.x[0]; ++n)
    finish(matrix(y, n * g.w[0] * g.pixels(), g.w[0], g.pixels(), g.pixels()), bias, g.options.relu);
}

Tensor run_forward(const Geometry& g, const Tensor& x, const Tensor& w, const Tensor& bias) {
  if (g.suits_winograd(x, w)) {
    Tensor y = Tensor::empty(g.y, x.dtype());
    winograd::convolve(y, x, w, bias, g.options.padding);
    finish_images<float>(y, nullptr, g);
    return y;
  }
  Tensor y = Tensor::empty(g.y, x.dtype());
  dispatch_float(x.dtype(), "conv2d", [&]<class T>(T) {
    const T* const add = bias ? bias.data<T>() : nullptr;
    for_strips(g, w, y, x, [&](Strip s) {
      gather_columns<T>(s, x, g);
      blas::multiply(s.y, s.weights, false, s.columns, false);
      finish(s.y, add ? add + s.first_output : add, g.options.relu);
    });
    if (g.taps() > 0) return;
    y = Tensor::zeros(g.y, x.dtype());  // of nothing
    finish_images(y, add, g);
  });
  return y;
}

// dx = sum over the outputs that saw x of w dy:  columns = W^T dY, each number added where it
// had been taken from.
Tensor run_input_gradient(const Geometry& g, const Tensor& dy, const Tensor& w) {
  const bool fast = g.suits_winograd(dy, w);
  Tensor dx = fast ? Tensor::empty(g.x, dy.dtype()) : Tensor::zeros(g.x, dy.dtype());
  if (fast) {
    winograd::input_gradient(dx, dy, w, g.options.padding);
    return dx;
  }
  dispatch_float(dy.dtype(), "conv2d", [&]<class T>(T) {
    for_strips(g, w, dy, dx, [&](Strip s) {
      blas::multiply(s.columns, s.weights, true, s.y, false);
      scatter_columns<T>(dx, s, g);
    });
  });
  return dx;
}

// dW = sum over images and strips of  dY columns^T.
Tensor run_weight_gradient(const Geometry& g, const Tensor& dy, const Tensor& x) {
  Tensor dw = Tensor::zeros(g.w, dy.dtype());
  if (g.suits_winograd(dy, x)) {
    winograd::weight_gradient(dw, dy, x, g.options.padding);
    return dw;
  }
  dispatch_float(dy.dtype(), "conv2d", [&]<class T>(T) {
    LongSums<T> sums(dw.mutable_data<T>(), g.options.groups, g.group_outputs() * g.taps());
    for_strips(g, dw, dy, x, [&](Strip s) {
      gather_columns<T>(s, x, g);
      sums.row(s.first_output / g.group_outputs());
      blas::multiply(s.weights, s.y, false, s.columns, true, 1);
    });
  });
  return dw;
}

Tensor input_gradient(const Geometry& g, const Tensor& dy, const Tensor& w);
Tensor weight_gradient(const Geometry& g, const Tensor& dy, const Tensor& x);

Tensor forward(const Geometry& g, const Tensor& x, const Tensor& w, const Tensor& bias) {
  Tensor y = run_forward(g, densify(x), densify(w), bias ? densify(bias) : bias);
  if (!recording()) return y;
  const auto pullback = [g, x, w](const Tensor& dy, Adjoints& d) {
    if (d.wanted(0)) d.add(0, input_gradient(g, dy, w));
    if (d.wanted(1)) d.add(1, weight_gradient(g, dy, x));
  };
  if (!bias) return record("conv2d", {x, w}, y, pullback);
  return record("conv2d", {x, w, bias}, y, [pullback](const Tensor& dy, Adjoints& d) {
    pullback(dy, d);
    if (d.wanted(2)) d.add(2, sum(dy, {0, 2, 3}));
  });
}

Tensor input_gradient(const Geometry& g, const Tensor& dy, const Tensor& w) {
  const Tensor dx = run_input_gradient(g, densify(dy), densify(w));
  return record("conv2d's gradient of x", {dy, w}, dx, [g, dy, w](const Tensor& u, Adjoints& d) {
    if (d.wanted(0)) d.add(0, forward(g, u, w, {}));
    if (d.wanted(1)) d.add(1, weight_gradient(g, dy, u));
  });
}

Tensor weight_gradient(const Geometry& g, const Tensor& dy, const Tensor& x) {
  const Tensor dw = run_weight_gradient(g, densify(dy), densify(x));
  return record("conv2d's gradient of the weight", {dy, x}, dw, [g, dy, x](const Tensor& u, Adjoints& d) {
    if (d.wanted(0)) d.add(0, forward(g, x, u, {}));
    if (d.wanted(1)) d.add(1, input_gradient(g, dy, u));
  });
}

}  // namespace

Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias, const Conv2dOptions& options) {
  check_defined("conv2d", x, weight);
  Geometry g = make_geometry(x.shape(), weight.shape(), options);
  if (x.dtype() != weight.dtype() || (bias && bias.dtype() != x.dtype()))
    throw Error("conv2d: one type of number is wanted, got {}, {}{}{}", describe(x), describe(weight),
                bias ? ", " : "", bias ? describe(bias) : "");
  if (bias && !(bias.shape() == Shape{weight.size(0)}))
    throw Error("conv2d: bias {} does not match weight {}; it must have one number for each output channel",
                describe(bias), describe(weight));
  if (!options.relu || !recording()) return forward(g, x, weight, bias);
  g.options.relu = false;
  return relu(forward(g, x, weight, bias));
}

}  // namespace heed
