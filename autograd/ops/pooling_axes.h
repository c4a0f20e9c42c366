// What maxima and means over windows have in common: the sizes along one axis.
#pragma once

#include <algorithm>

#include "autograd/ops/conv.h"
#include "autograd/ops/pooling.h"

namespace heed::pooling {

struct Axis {
  int64_t size, kernel, stride, padding, dilation, count;  // count: of windows
};

inline void check_image(const char* name, const Tensor& x) {
  if (x.rank() != 4) throw Error("{}: wants x [N, C, H, W], got {}", name, describe(x));
  if (!is_float(x.dtype())) throw Error("{}: wants f32 or f64 numbers, got {}", name, describe(x));
}

// Throws if the options make no sense for axis k + 2 of x.
inline Axis make_axis(const char* name, const Tensor& x, const Pool2dOptions& options, int k) {
  Axis a{x.size(k + 2),      options.kernel[k],   options.stride[k] ? options.stride[k] : options.kernel[k],
         options.padding[k], options.dilation[k], 0};
  if (std::max({a.size, a.kernel, a.stride, a.padding, a.dilation}) >= kLargestSide)
    throw Error("{}: no kernel, stride, padding, dilation or image may have 2^31 and more to a side", name);
  if (a.kernel < 1 || a.stride < 1 || a.dilation < 1 || a.padding < 0 || 2 * a.padding > a.kernel)
    throw Error(
        "{}: kernel {}, stride {}, padding {}, dilation {} along axis {}: all but the padding must be at "
        "least 1, "
        "and the padding at most half the kernel",
        name, a.kernel, a.stride, a.padding, a.dilation, k + 2);
  const int64_t room = a.size + 2 * a.padding - a.dilation * (a.kernel - 1) - 1;
  if (room < 0)
    throw Error("{}: the kernel [{}, {}] is larger than the padded {}", name, options.kernel[0], options.kernel[1],
                describe(x));
  a.count = (options.ceil_mode ? room + a.stride - 1 : room) / a.stride + 1;
  if (options.ceil_mode && (a.count - 1) * a.stride >= a.size + a.padding) --a.count;
  return a;
}

// Those of rows and columns. Throws unless x is an image and the options make sense for it.
inline std::array<Axis, 2> make_axes(const char* name, const Tensor& x, const Pool2dOptions& options) {
  check_image(name, x);
  return {make_axis(name, x, options, 0), make_axis(name, x, options, 1)};
}

inline Shape pooled_shape(const Tensor& x, int64_t height, int64_t width) {
  return {x.size(0), x.size(1), height, width};
}

}  // namespace heed::pooling
