// Chapter 12.
#pragma once

#include <vector>

#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"

namespace heed::book::draw {

struct right {
  // 12.1: the baseline with which (R_z - b) d log p(z) scatters least, by the scores whose softmax is alpha.
  static double best_baseline(const std::vector<double>& alpha, const std::vector<double>& rewards) {
    double squares = 0;
    for (const double a : alpha) squares += a * a;
    double above = 0, below = 0;
    for (size_t s = 0; s < alpha.size(); ++s) {
      const double length = 1 - 2 * alpha[s] + squares;  // |(1 at s) - alpha|^2
      above += alpha[s] * rewards[s] * length;
      below += alpha[s] * length;
    }
    return above / below;
  }
  // 12.2: what a draw is differentiated by. All are numbers: log p(y | z), log p(z), and the baseline b, of
  // which each may depend on what is learnt.
  static Tensor surrogate(const Tensor& logp, const Tensor& log_pi, const Tensor& baseline) {
    return logp + detach(logp - baseline) * log_pi;
  }
};

struct wrong {
  // That is a good one, but not the best.
  static double best_baseline(const std::vector<double>& alpha, const std::vector<double>& rewards) {
    double mean = 0;
    for (size_t s = 0; s < alpha.size(); ++s) mean += alpha[s] * rewards[s];
    return mean;
  }
  // The gradient goes on through the factor.
  static Tensor surrogate(const Tensor& logp, const Tensor& log_pi, const Tensor& baseline) {
    return logp + (logp - baseline) * log_pi;
  }
};

}  // namespace heed::book::draw
