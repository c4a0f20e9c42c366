// Chapter 5, beside the Dual of examples/first_steps/duals.cpp.
#pragma once

namespace book_duals {

struct right {
  // 5.1: the arc tangent of a dual number.
  static Dual<double> atan(Dual<double> a) { return {std::atan(a.value), a.slope / (1 + a.value * a.value)}; }
  // 5.2: x x x at x = 2 for a dual of duals: value, slope, slope of the value, slope of the slope.
  static Dual<Dual<double>> cube_at_two() { return {{8, 12}, {12, 12}}; }
};

struct wrong {
  // The chain rule is forgotten: right for a slope of 1 only.
  static Dual<double> atan(Dual<double> a) { return {std::atan(a.value), 1 / (1 + a.value * a.value)}; }
  // 6 x is 12 at 2, not 6.
  static Dual<Dual<double>> cube_at_two() { return {{8, 12}, {12, 6}}; }
};

}  // namespace book_duals
