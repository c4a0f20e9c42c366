// An exercise of the book: one check, which the solution must pass and the wrong solution must not.
#pragma once

#include "tests/catch.hpp"

namespace heed::book {

// check(solution) says whether it is right.
template <class Check, class Right, class Wrong>
void exercise(Check check, Right right, Wrong wrong) {
  INFO("the solution, `right` in tests/book/solutions");
  CHECK(check(right));
  UNSCOPED_INFO("the wrong solution passes: the check is too weak");
  CHECK_FALSE(check(wrong));
}

inline bool near(double a, double b, double apart = 1e-12) { return a - b < apart && b - a < apart; }

}  // namespace heed::book
