// Your answers to chapter 8. Take the slashes away from a function and write what it does: it takes the place
// of the solution. Words stands in tests/book/given/forget.h.
#pragma once

#include "tests/book/given/forget.h"
#include "tests/book/solutions/forget.h"

namespace book_forget {

struct mine : right {
  // 8.1: the longest length such that of it and all shorter ones nine letters in ten are right; right[0] is
  // the share for one letter.
  // static int knee(const std::vector<double>& right) {}
  // 8.1: the knee for 64 numbers in place of 32.
  // static int of_double_the_state() {}
  // 8.2: the share of the runs of n words that stand in the reference, each at most as often as it stands
  // there.
  // static double share(const Words& written, const Words& reference, size_t n) {}
};

}  // namespace book_forget
