// An exercise of the book: one check, which the answer must pass and the wrong solution must not. The answer is
// `mine` (answers/), which is the solution where the reader has not written one.
#pragma once

#include "tests/catch.hpp"

namespace heed::book {

// check(solution) says whether it is right.
template <class Check, class Mine, class Wrong>
void exercise(Check check, Mine mine, Wrong wrong) {
  UNSCOPED_INFO("the answer, or the solution where there is none");
  CHECK(check(mine));
  UNSCOPED_INFO("the wrong solution passes: the check is too weak");
  CHECK_FALSE(check(wrong));
}

inline bool near(double a, double b, double apart = 1e-12) { return a - b < apart && b - a < apart; }

}  // namespace heed::book
