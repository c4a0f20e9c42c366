// Chapter 4.
#pragma once

#include <cmath>

#include "autograd/check/gradcheck.h"
#include "autograd/tape/tape.h"
#include "tests/book/given/stencil.h"

namespace heed::book::stencil {

struct right {
  // 4.1: whether the pullback of an operation is right, for inputs of either sign.
  static bool is_right(Operation operation) {
    const auto f = [operation](const std::vector<Tensor>& x) { return operation(x[0]); };
    const Tensor x = Tensor::from(std::vector<double>{-2.1, -0.7, 0.4, 1.3});
    return gradcheck("the operation", f, {x}).passed();
  }
  // 4.2: the slope of f at x by five points.
  static double slope(Function f, double x, double h) {
    return (f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h);
  }
};

struct wrong {
  // One place, two points, and 1 % forgiven: a factor of 1.001 and a wrong sign elsewhere both pass.
  static bool is_right(Operation operation) {
    const Tensor x = Tensor::scalar(1.3, DType::f64);
    const auto at = [&](double number) { return operation(Tensor::scalar(number, DType::f64)).item(); };
    Tape tape;
    const double got = tape.gradients(operation(x), {x})[0].item(), measured = (at(1.301) - at(1.299)) / 0.002;
    return std::abs(got - measured) < 0.01 * std::abs(measured);
  }
  // Four points with the weights of two: its error falls with h^2 only.
  static double slope(Function f, double x, double h) {
    return (f(x + 2 * h) + f(x + h) - f(x - h) - f(x - 2 * h)) / (6 * h);
  }
};

}  // namespace heed::book::stencil
