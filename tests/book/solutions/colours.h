// Chapter 13.
#pragma once

#include <algorithm>
#include <cmath>

#include "tests/book/given/colours.h"

namespace heed::book::colours {

struct right {
  // 13.1: how far p(word | mean of the places) lies from the mean of p(word | place), the largest of the
  // words'. scores[i] are those of the words if place i is read; they are linear in what is read.
  static double gap(const Numbers& alpha, const std::vector<Numbers>& scores) {
    const size_t words = scores[0].size();
    Numbers mean_score(words, 0.0), mean_p(words, 0.0);
    for (size_t i = 0; i < alpha.size(); ++i) {
      const Numbers p = softmax_of(scores[i]);
      for (size_t v = 0; v < words; ++v) mean_score[v] += alpha[i] * scores[i][v], mean_p[v] += alpha[i] * p[v];
    }
    const Numbers by_mean = softmax_of(mean_score);
    double largest = 0;
    for (size_t v = 0; v < words; ++v) largest = std::max(largest, std::abs(by_mean[v] - mean_p[v]));
    return largest;
  }
  // 13.2: log p(y) = log sum_i p(i) p(y | i), of log p(i) and log p(y | i).
  static double marginal(const Numbers& log_prior, const Numbers& given) {
    double most = log_prior[0] + given[0], total = 0;
    for (size_t i = 1; i < given.size(); ++i) most = std::max(most, log_prior[i] + given[i]);
    for (size_t i = 0; i < given.size(); ++i) total += std::exp(log_prior[i] + given[i] - most);
    return most + std::log(total);
  }
};

struct wrong {
  // The geometric mean must be divided by its sum, to be probabilities again.
  static double gap(const Numbers& alpha, const std::vector<Numbers>& scores) {
    double largest = 0;
    for (size_t v = 0; v < scores[0].size(); ++v) {
      double mean_log = 0, mean_p = 0;
      for (size_t i = 0; i < alpha.size(); ++i) {
        const double p = softmax_of(scores[i])[v];
        mean_log += alpha[i] * std::log(p), mean_p += alpha[i] * p;
      }
      largest = std::max(largest, std::abs(std::exp(mean_log) - mean_p));
    }
    return largest;
  }
  // Right on paper. But e^-800 is 0 in double precision.
  static double marginal(const Numbers& log_prior, const Numbers& given) {
    double total = 0;
    for (size_t i = 0; i < given.size(); ++i) total += std::exp(log_prior[i] + given[i]);
    return std::log(total);
  }
};

}  // namespace heed::book::colours
