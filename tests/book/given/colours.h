// What the answers to chapter 13 are made of.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace heed::book::colours {

using Numbers = std::vector<double>;  // one for each place, or for each word

// Scores [n] -> e^(score) divided by their sum, [n].
inline Numbers softmax_of(const Numbers& scores) {
  Numbers y;
  double total = 0;
  for (const double score : scores) total += std::exp(score);
  for (const double score : scores) y.push_back(std::exp(score) / total);
  return y;
}

}  // namespace heed::book::colours
