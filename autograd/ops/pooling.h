// Pooling: an image made smaller by keeping the largest number, or the mean, of each window.
//
// Output length for kernel k, stride s, padding p, dilation d:  floor((n + 2p - d (k-1) - 1) / s) + 1; with
// `ceil_mode` ceil instead of floor, and one less if the last window would start in the right padding.
//
// A maximum takes numbers from places, a mean is a weighted sum: both are linear once the places are known,
// so the backward pass is the transpose (put back, spread), whose own backward pass is the forward one.
#pragma once

#include <array>

#include "autograd/base/tensor.h"

namespace heed {

struct Pool2dOptions {
  std::array<int64_t, 2> kernel{2, 2};
  std::array<int64_t, 2> stride{0, 0};    // 0: as long as the kernel
  std::array<int64_t, 2> padding{0, 0};   // at most half the kernel
  std::array<int64_t, 2> dilation{1, 1};  // only of max_pool2d
  bool ceil_mode = false;
  // Only of avg_pool2d: by what a window's sum is divided. By the window's size clipped to the padded
  // input, or to the input itself, or by `divisor` if it is not 0.
  bool count_include_pad = true;
  double divisor = 0;
};

// x [N, C, H, W] -> [N, C, H', W']; padding counts as zeros.
Tensor avg_pool2d(const Tensor& x, const Pool2dOptions& options);

// x [N, C, H, W] -> [N, C, height, width]: cell i averages rows floor(i H / height) .. ceil((i+1) H /
// height) - 1, columns alike.
Tensor adaptive_avg_pool2d(const Tensor& x, int64_t height, int64_t width);

}  // namespace heed
