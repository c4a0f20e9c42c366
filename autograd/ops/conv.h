// Convolution of images, as a matrix product.
//
//     y[n,o,i,j] = b_o + sum_{c,u,v} w[o,c,u,v] x[n, c, i s0 - p0 + u d0, j s1 - p1 + v d1]
//
// (strictly a cross-correlation, as everywhere in the field). For a strip of output pixels, the input
// numbers that each of them sees are written into a column ("im2col"); then the convolution of the strip is
// Y = W columns,  one product of [O, C kh kw] with [C kh kw, pixels]. Strips are short enough for the
// columns to stay in the cache. In f32, 3x3 kernels with many channels take a shorter way where it
// pays, with a quarter of the multiplications (winograd.h); with numbers that are not finite they take the other.
//
// Convolution is linear in x and in w, so its two gradients are again such functions: of (dy, w) and of
// (dy, x). The three of them are closed under differentiation: each one's gradients are the other two, so
// derivatives of any order exist.
#pragma once

#include <array>

#include "autograd/base/tensor.h"

namespace heed {

// No image, kernel, stride, padding or dilation reaches this, in convolutions and pooling: positions are products of them.
constexpr int64_t kLargestSide = int64_t{1} << 31;

struct Conv2dOptions {
  std::array<int64_t, 2> stride{1, 1};    // of rows, of columns
  std::array<int64_t, 2> padding{0, 0};   // zeros at both ends
  std::array<int64_t, 2> dilation{1, 1};  // distance between the kernel's taps
  int64_t groups = 1;                     // output block g sees only input block g of the channels
  bool relu = false;     // max(y, 0) in the place of y: relu(conv2d(..)), in one pass where nothing is recorded
  bool winograd = true;  // the shorter way may be taken; its rounding errors are five to ten times larger
};

// x [N, C, H, W], weight [O, C/groups, kh, kw], bias [O] or undefined -> [N, O, H', W'] with
// H' = floor((H + 2 p - d (kh - 1) - 1) / s) + 1. Throws, with both shapes, if they do not fit or the
// kernel is larger than the padded image.
Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias = {}, const Conv2dOptions& options = {});

}  // namespace heed
