// Chapter 1.
#pragma once

#include "tests/book/given/derivative.h"

namespace heed::book::derivative {

struct right {
  // 1.1: the tape of y = x sin x + x at x = 2.
  static std::vector<Line> tape() {
    const double s = std::sin(2.0);
    return {{"sin", s, 2}, {"mul", 2 * s, 1}, {"add", 2 * s + 2, 1}};
  }
  // 1.2: the derivative of exp(-x^2).
  static double slope(double x) {
    const double u = x * x, v = -u, y = std::exp(v);
    const double by_v = y, by_u = -by_v, by_x = by_u * 2 * x;
    return by_x;
  }
};

struct wrong {
  // In the order in which it is read: but a product can only be computed when the sine is there.
  static std::vector<Line> tape() {
    const double s = std::sin(2.0);
    return {{"mul", 2 * s, 1}, {"sin", s, 2}, {"add", 2 * s + 2, 1}};
  }
  // The step v = -u is forgotten on the way back.
  static double slope(double x) { return std::exp(-x * x) * 2 * x; }
};

}  // namespace heed::book::derivative
