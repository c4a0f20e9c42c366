// Layer normalization (Ba, Kiros and Hinton 2016): every example is brought to mean 0 and variance 1 over
// its own features, then scaled and shifted by learned numbers.
//
//     y = (x - mu) / sqrt(var + eps) * weight + bias
//
// with mu the mean over the trailing axes and var the mean of (x - mu)^2 there.
//
// Through mu and var each output depends on all inputs of its example. With x^ = (x - mu) / sd and g = dy
// weight the gradient is  dx = (g - mean(g) - x^ mean(g x^)) / sd:  what would shift or stretch the whole
// example is taken out.
#pragma once

#include "autograd/tape/parameters.h"

namespace heed {

// x [.., S] with S = `normalized`; weight, bias [S] or undefined. Throws, with the shapes, if x does not end in
// `normalized` or the parameters do not have that shape.
Tensor layer_norm(const Tensor& x, const Shape& normalized, const Tensor& weight = {}, const Tensor& bias = {},
                  double eps = 1e-5);

struct LayerNorm {
  Tensor weight, bias;  // [S], ones and zeros at first; undefined if not affine
  Shape normalized;
  double eps = 1e-5;

  LayerNorm() = default;
  explicit LayerNorm(const Shape& over, double epsilon = 1e-5, bool affine = true) : normalized(over), eps(epsilon) {
    if (affine) weight = Tensor::full(over, 1), bias = Tensor::zeros(over);
  }
  // [.., S] -> [.., S]
  Tensor operator()(const Tensor& x) const { return layer_norm(x, normalized, weight, bias, eps); }
  void parts(auto& visit) {
    visit("weight", weight);
    visit("bias", bias);
  }
};

}  // namespace heed
