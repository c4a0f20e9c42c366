// A small convolutional network that learns with the decoder: for pictures as simple as the built-in ones.
//
// Three convolutions with ReLUs, each halving the picture: 64 x 64 pixels become a grid of 8 x 8 places with
// D numbers each. The kernels are even, 4 x 4, so that what a place sees is centred on its cell: output i of
// a kernel of 4 with stride 2 and padding 1 sees the inputs 2i - 1 .. 2i + 2 around the middle of its two,
// where one of 3 would see 2i - 1 .. 2i + 1, off to one side, and three layers of that would let attention
// lie a cell beside what it means.
//
// What a place shows does not tell where it lies, and a decoder that is to name things in order must know:
// a learned vector for each place is added, as in the position embeddings of Gehring et al. (2017).
#pragma once

#include "autograd/views/views.h"
#include "autograd/zip/activations.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/conv2d.h"
#include "nn/layers/init.h"

namespace heed::caption {

struct SmallEncoder {
  std::vector<Conv2d> layers;
  Tensor places;  // [L, D]

  SmallEncoder() = default;
  SmallEncoder(int64_t locations, int64_t depth, Rng& rng) {
    int64_t in = 3;
    for (const int64_t share : {4, 2, 1}) {
      const int64_t out = std::max<int64_t>(depth / share, 1);
      const int64_t kernel = share == 1 ? 2 : 4, edge = kernel / 2 - 1;
      layers.emplace_back(in, out, std::array{kernel, kernel}, rng,
                          Conv2dOptions{.stride = {2, 2}, .padding = {edge, edge}});
      layers.back().weight = init::kaiming_uniform(layers.back().weight.shape(), rng);
      in = out;
    }
    places = rng.normal({locations, depth}, 0, 0.5);
  }

  // [n, 3, size, size] -> annotations [n, L, D], L = (size / 8)^2, row by row
  Tensor operator()(const Tensor& pictures) const {
    Tensor x = pictures;
    for (const Conv2d& layer : layers) x = relu(layer(x));
    return permute(reshape(x, {x.size(0), x.size(1), -1}), {0, 2, 1}) + places;
  }
  void parts(auto& visit) {
    visit("layers", layers);
    visit("places", places);
  }
};

}  // namespace heed::caption
