// What the tests of layers share: random tensors, a layer's weights, and comparing lists of numbers.
#pragma once

#include <algorithm>
#include <cmath>

#include "autograd/base/rng.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/parameters.h"
#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

namespace heed::test {

// f64, uniform in [-1, 1).
inline Tensor random_tensor(const Shape& shape, uint64_t seed) { return Rng(seed).uniform(shape, -1, 1, DType::f64); }

inline Tensor random(const Shape& shape, Rng& rng) { return rng.uniform(shape, -1, 1, DType::f64); }

// The largest magnitude in x, and in a - b; 0 of nothing.
inline double largest(const Tensor& x) {
  double most = 0;
  for (double v : x.to_vector()) most = std::max(most, std::abs(v));
  return most;
}
inline double largest_difference(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  return largest(a - b);
}

// The model's parameters in one vector.
template <class Model>
std::vector<Tensor> weights_of(Model& model) {
  std::vector<Tensor> weights;
  for (const NamedTensor& part : named_tensors(model)) weights.push_back(*part.tensor);
  return weights;
}
template <class Model>
Model in_f64(Model model) {
  convert(model, DType::f64);
  return model;
}

inline void check_close(const std::vector<double>& got, const std::vector<double>& expected, double rtol,
                        double atol = 0) {
  REQUIRE(got.size() == expected.size());
  for (size_t i = 0; i < got.size(); ++i) {
    INFO("element " << i << ": got " << got[i] << ", expected " << expected[i]);
    CHECK(std::abs(got[i] - expected[i]) <= atol + rtol * std::abs(expected[i]));
  }
}

}  // namespace heed::test
