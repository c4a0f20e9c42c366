// Your answers to chapter 13. Take the slashes away from a function and write what it does: it takes the
// place of the solution. Numbers and softmax_of stand in tests/book/given/colours.h.
#pragma once

#include "tests/book/given/colours.h"
#include "tests/book/solutions/colours.h"

namespace heed::book::colours {

struct mine : right {
  // 13.1: how far p(word | mean of the places) lies from the mean of p(word | place), the largest of the
  // words'. alpha [S]; scores[i] [V] are those of the words if place i is read; they are linear in what is read.
  // static double gap(const Numbers& alpha, const std::vector<Numbers>& scores) {}
  // 13.2: log p(y) = log sum_i p(i) p(y | i), of log p(i) [S] and log p(y | i) [S].
  // static double marginal(const Numbers& log_prior, const Numbers& given) {}
};

}  // namespace heed::book::colours
