// A fully connected layer: y = x W^T + b.
#pragma once

#include "autograd/base/rng.h"
#include "autograd/ops/matmul.h"
#include "autograd/tape/parameters.h"
#include "nn/layers/init.h"

namespace heed {

struct Linear {
  Tensor weight;  // [out, in]
  Tensor bias;    // [out], or undefined

  Linear() = default;
  // Uniform in +-1/sqrt(in), PyTorch's default.
  Linear(int64_t in, int64_t out, Rng& rng, bool with_bias = true) {
    if (in < 1 || out < 1)
      throw Error("Linear: {} inputs and {} outputs were asked for; both must be at least 1", in, out);
    weight = init::fan_in_uniform({out, in}, in, rng);
    if (with_bias) bias = init::fan_in_uniform({out}, in, rng);
  }

  Tensor operator()(const Tensor& x) const { return linear(x, weight, bias); }  // [.., in] -> [.., out]
  void parts(auto& visit) {
    visit("weight", weight);
    visit("bias", bias);
  }
};

}  // namespace heed
