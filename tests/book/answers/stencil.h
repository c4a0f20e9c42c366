// Your answers to chapter 4. Take the slashes away from a function and write what it does: it takes the place
// of the solution. Operation and Function stand in tests/book/given/stencil.h.
#pragma once

#include "tests/book/given/stencil.h"
#include "tests/book/solutions/stencil.h"

namespace heed::book::stencil {

struct mine : right {
  // 4.1: whether the pullback of an operation is right, for inputs of either sign.
  // operation(x) takes a tensor of any shape and gives one of the same.
  // static bool is_right(Operation operation) {}
  // 4.2: the slope of f at x by five points. f(x) takes a double and gives one.
  // static double slope(Function f, double x, double h) {}
};

}  // namespace heed::book::stencil
