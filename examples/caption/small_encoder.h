// A small convolutional network that learns with the decoder: for pictures as simple as the built-in ones.
//
// Three convolutions, each halving the picture, each with a ReLU; 64 x 64 pixels become a grid of 8 x 8
// places with 64 numbers, and each number sees 15 x 15 pixels around its place. A patch does not tell where
// it lies, and a decoder that is to name things in order must know: the last convolution also sees its own
// coordinates (Liu et al. 2018, "CoordConv").
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
    const int64_t middle = std::max<int64_t>(depth / 2, 1);
    for (const auto& [in, out] : {std::pair<int64_t, int64_t>{3, middle}, {middle, depth}, {depth + 2, depth}}) {
      layers.emplace_back(in, out, std::array<int64_t, 2>{3, 3}, rng, halve);
      layers.back().weight = init::kaiming_uniform(layers.back().weight.shape(), rng);
    }
  }

  // [n, 3, size, size] -> annotations [n, L, D], L = (size / 8)^2, row by row
  Tensor operator()(const Tensor& pictures) const {
    Tensor x = relu(layers[1](relu(layers[0](pictures))));
    x = relu(layers[2](concat({x, coordinates(x)}, 1)));
    return permute(reshape(x, {x.size(0), x.size(1), -1}), {0, 2, 1});
  }
  void parts(auto& visit) { visit("layers", layers); }

 private:
  // Of each place of x [n, C, h, w], its row and its column, from -1 to 1: [n, 2, h, w].
  static Tensor coordinates(const Tensor& x) {
    const int64_t rows = x.size(2), columns = x.size(3);
    std::vector<double> values;
    const auto along = [](int64_t i, int64_t count) {
      return (2 * static_cast<double>(i) + 1) / static_cast<double>(count) - 1;
    };
    for (int64_t i = 0; i < rows * columns; ++i) values.push_back(along(i / columns, rows));
    for (int64_t i = 0; i < rows * columns; ++i) values.push_back(along(i % columns, columns));
    return expand(Tensor::from(values, {1, 2, rows, columns}, x.dtype()), {x.size(0), 2, rows, columns});
  }
};

}  // namespace heed::caption
