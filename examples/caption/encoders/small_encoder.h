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

#include "nn/layers/conv2d.h"

namespace heed::caption {

struct SmallEncoder {
  std::vector<Conv2d> layers;
  Tensor places;  // [L, D]

  SmallEncoder() = default;
  SmallEncoder(int64_t locations, int64_t depth, Rng& rng);

  // [n, 3, size, size] -> annotations [n, L, D], L = (size / 8)^2, row by row
  Tensor operator()(const Tensor& pictures) const;
  void parts(auto& visit) {
    visit("layers", layers);
    visit("places", places);
  }
};

}  // namespace heed::caption
