// Small models for the tests of optimizers and shards.
#pragma once

#include <cmath>
#include <vector>

#include "autograd/tape/parameters.h"
#include "autograd/tape/tape.h"

namespace heed::test {

// Numbers that look irregular and are the same everywhere.
inline Tensor wave(const Shape& shape, double phase, DType dtype) {
  std::vector<double> numbers(static_cast<size_t>(shape.numel()));
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = std::sin(1.7 * static_cast<double>(i) + phase);
  return Tensor::from(numbers, shape, dtype);
}

// Two parameters, neither of which fills its cache lines.
struct Pair {
  Tensor a, b;
  explicit Pair(DType dtype, Shape shape_a = {3, 5}, Shape shape_b = {7})
      : a(wave(shape_a, 0.3, dtype)), b(wave(shape_b, 1.1, dtype)) {}
  void parts(auto& visit) {
    visit("a", a);
    visit("b", b);
  }
};

// Gradients as a tape gives them, in a flat buffer, from one tensor for each parameter.
inline Gradients flat_gradients(const Parameters& parameters, const std::vector<Tensor>& values) {
  Tensor flat = Tensor::zeros(parameters.flat().shape(), parameters.flat().dtype());
  std::vector<Tensor> views = parameters.views(flat);
  for (size_t i = 0; i < views.size(); ++i) copy_into(views[i], values[i]);
  return Gradients(parameters.tensors(), std::move(views), std::move(flat));
}

}  // namespace heed::test
