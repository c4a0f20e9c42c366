// Your answers to chapter 5. Take the slashes away from a function and write what it does: it takes the place
// of the solution. Dual is that of examples/first_steps/duals.cpp.
#pragma once

#include "tests/book/solutions/duals.h"

namespace book_duals {

struct mine : right {
  // 5.1: the arc tangent of a dual number.
  // static Dual<double> atan(Dual<double> a) {}
  // 5.2: x x x at x = 2 for a dual of duals: value, slope, slope of the value, slope of the slope.
  // static Dual<Dual<double>> cube_at_two() {}
};

}  // namespace book_duals
