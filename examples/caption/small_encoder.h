// A small convolutional network that learns with the decoder: for pictures as simple as the built-in ones.
//
// Three convolutions, each halving the picture, each with a ReLU; 64 x 64 pixels become a grid of 8 x 8
// places with 64 numbers, and each number sees 15 x 15 pixels around its place.
#pragma once

#include "autograd/elementwise.h"
#include "autograd/shape_ops.h"
#include "nn/conv2d.h"
#include "nn/init.h"

namespace heed::caption {

struct SmallEncoder {
  std::vector<Conv2d> layers;

  SmallEncoder() = default;
  explicit SmallEncoder(int64_t depth, Rng& rng) {
    const Conv2dOptions halve{.stride = {2, 2}, .padding = {1, 1}};
    int64_t in = 3;
    for (const int64_t out : {depth / 2, depth, depth}) {
      layers.emplace_back(in, out, std::array<int64_t, 2>{3, 3}, rng, halve);
      layers.back().weight = init::kaiming_uniform(layers.back().weight.shape(), rng);
      in = out;
    }
  }

  // [n, 3, size, size] -> annotations [n, L, D], L = (size / 8)^2, row by row
  Tensor operator()(const Tensor& pictures) const {
    Tensor x = pictures;
    for (const Conv2d& layer : layers) x = relu(layer(x));
    return permute(reshape(x, {x.size(0), x.size(1), -1}), {0, 2, 1});
  }
  void parts(auto& visit) { visit("layers", layers); }
};

}  // namespace heed::caption
