// A model of a few numbers with all that a list of parts may hold: parts of parts, a buffer, a tied weight.
#pragma once

#include "autograd/base/tensor.h"

namespace heed::tests {

struct Coder {
  Tensor weight, bias, mean;
  explicit Coder(double from)
      : weight(Tensor::full({2, 3}, from, DType::f64)),
        bias(Tensor::full({2}, from + 0.5, DType::f64)),
        mean(Tensor::full({2}, -from, DType::f64)) {}
  void parts(auto& visit) {
    visit("weight", weight);
    visit("bias", bias);
    visit.buffer("mean", mean);
  }
};

struct Coders {
  Coder encoder{1}, decoder{2};
  Tensor output = encoder.weight;  // tied
  void parts(auto& visit) {
    visit("encoder", encoder);
    visit("decoder", decoder);
    visit("output", output);
  }
};

}  // namespace heed::tests
