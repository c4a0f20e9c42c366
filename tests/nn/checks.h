// What the tests of layers share: random tensors, comparing lists of numbers, and gradient checks as one
// line.
#pragma once

#include <algorithm>
#include <cmath>

#include "autograd/elementwise.h"
#include "autograd/gradcheck.h"
#include "autograd/reduce.h"
#include "autograd/rng.h"
#include "autograd/tape.h"
#include "tests/catch.hpp"

namespace heed::test {

// f64, uniform in [-1, 1).
inline Tensor random_tensor(const Shape& shape, uint64_t seed) {
  return Rng(seed).uniform(shape, -1, 1, DType::f64);
}

inline void check_close(const std::vector<double>& got, const std::vector<double>& expected, double rtol,
                        double atol = 0) {
  REQUIRE(got.size() == expected.size());
  for (size_t i = 0; i < got.size(); ++i) {
    INFO("element " << i << ": got " << got[i] << ", expected " << expected[i]);
    CHECK(std::abs(got[i] - expected[i]) <= atol + rtol * std::abs(expected[i]));
  }
}

template <class F>
void check_gradient(F f, const std::vector<Tensor>& x, bool second = false) {
  GradcheckOptions options;
  options.second_order = second;
  const GradcheckReport report = gradcheck("f", f, x, options);
  INFO(report.text());
  CHECK(report.passed());
}

// And of the gradient's gradient.
template <class F>
void check_second(F f, const std::vector<Tensor>& x) {
  check_gradient(f, x, true);
}

}  // namespace heed::test
