// Chapter 11.
#pragma once

#include <cmath>
#include <vector>

#include "tests/book/given/scores.h"

namespace heed::book::scores {

struct right {
  // 11.1: a step with input feeding; word [1, H], annotations [S, H]; score dot, window global.
  static Step step(const Weights& w, const Tensor& word, const Tensor& annotations, const Step& before) {
    const Tensor s = tanh(linear(word, w.word) + linear(before.told, w.fed) + linear(before.s, w.state));
    const Tensor context = matmul(softmax(linear(s, annotations)), annotations);
    return {s, tanh(linear(context, w.of_context) + linear(s, w.of_state))};
  }
  // 11.2: the weights of local-p, by scores, p and D.
  static std::vector<double> local_p(const std::vector<double>& scores, double p, int radius) {
    std::vector<double> weights(scores.size(), 0.0);
    const double sigma = radius / 2.0;
    double total = 0;
    for (size_t j = 0; j < scores.size(); ++j)
      if (std::abs(double(j) - p) <= radius) total += weights[j] = std::exp(scores[j]);
    for (size_t j = 0; j < scores.size(); ++j)
      weights[j] *= std::exp(-(double(j) - p) * (double(j) - p) / (2 * sigma * sigma)) / total;
    return weights;
  }
};

struct wrong {
  // It feeds s in the place of h~.
  static Step step(const Weights& w, const Tensor& word, const Tensor& annotations, const Step& before) {
    return right::step(w, word, annotations, {before.s, before.s});
  }
  // It does not divide by the square of sigma. For D = 2 nobody would notice.
  static std::vector<double> local_p(const std::vector<double>& scores, double p, int radius) {
    std::vector<double> weights = right::local_p(scores, p, radius);
    const double sigma = radius / 2.0;
    for (size_t j = 0; j < scores.size(); ++j)
      weights[j] *= std::exp((double(j) - p) * (double(j) - p) / 2 * (1 / (sigma * sigma) - 1));
    return weights;
  }
};

}  // namespace heed::book::scores
