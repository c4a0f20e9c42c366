// A convolutional layer; the formula and the options are in autograd/ops/conv.h.
#pragma once

#include "autograd/base/rng.h"
#include "autograd/ops/conv.h"
#include "autograd/tape/parameters.h"
#include "nn/layers/init.h"

namespace heed {

struct Conv2d {
  Tensor weight;  // [out, in / groups, kh, kw]
  Tensor bias;    // [out], or undefined
  Conv2dOptions options;

  Conv2d() = default;
  // Uniform in +-1/sqrt(fan_in), PyTorch's default.
  Conv2d(int64_t in, int64_t out, std::array<int64_t, 2> kernel, Rng& rng, const Conv2dOptions& with = {},
         bool with_bias = true)
      : options(with) {
    if (in < 1 || out < 1 || kernel[0] < 1 || kernel[1] < 1 || with.groups < 1 || in % with.groups ||
        out % with.groups)
      throw Error("Conv2d: {} input and {} output channels with a kernel [{}, {}] do not divide into {} groups", in,
                  out, kernel[0], kernel[1], with.groups);
    const int64_t seen = in / with.groups;
    const int64_t fan = seen * kernel[0] * kernel[1];
    weight = init::fan_in_uniform({out, seen, kernel[0], kernel[1]}, fan, rng);
    if (with_bias) bias = init::fan_in_uniform({out}, fan, rng);
  }

  // [N, in, H, W] -> [N, out, H', W']
  Tensor operator()(const Tensor& x) const { return conv2d(x, weight, bias, options); }
  void parts(auto& visit) {
    visit("weight", weight);
    visit("bias", bias);
  }
};

}  // namespace heed
