// Your answers to chapter 1. Take the slashes away from a function and write what it does: it takes the place
// of the solution. What a Line is stands in tests/book/given/derivative.h.
#pragma once

#include "tests/book/given/derivative.h"
#include "tests/book/solutions/derivative.h"

namespace heed::book::derivative {

struct mine : right {
  // 1.1: the tape of y = x sin x + x at x = 2. A Line is {name, value, gradient}: {"sin", 0.5, 1}
  // static std::vector<Line> tape() {}
  // 1.2: the derivative of exp(-x^2).
  // static double slope(double x) {}
};

}  // namespace heed::book::derivative
