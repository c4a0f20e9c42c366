// Chapter 3.
#pragma once

#include "tests/book/given/pullbacks.h"

namespace heed::book::pullbacks {

struct right {
  // 3.1: the gradient by x of y = softmax(x), from y and the gradient dy.
  static Numbers softmax(const Numbers& y, const Numbers& dy) {
    double mean = 0;
    for (size_t k = 0; k < y.size(); ++k) mean += dy[k] * y[k];
    Numbers dx(y.size());
    for (size_t i = 0; i < y.size(); ++i) dx[i] = y[i] * (dy[i] - mean);
    return dx;
  }
  // 3.2: the gradient by W of Y = X W, X [n, m] and dY [n, p] row by row -> [m, p].
  static Numbers weight(const Numbers& x, const Numbers& dy, size_t n, size_t m, size_t p) {
    Numbers dw(m * p, 0.0);
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < m; ++j)
        for (size_t k = 0; k < p; ++k) dw[j * p + k] += x[i * m + j] * dy[i * p + k];
    return dw;
  }
};

struct wrong {
  // The diagonal of J alone: but each weight falls as another one rises.
  static Numbers softmax(const Numbers& y, const Numbers& dy) {
    Numbers dx(y.size());
    for (size_t i = 0; i < y.size(); ++i) dx[i] = y[i] * (1 - y[i]) * dy[i];
    return dx;
  }
  // The last row alone: W is used for each row of X.
  static Numbers weight(const Numbers& x, const Numbers& dy, size_t n, size_t m, size_t p) {
    Numbers dw(m * p, 0.0);
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < m; ++j)
        for (size_t k = 0; k < p; ++k) dw[j * p + k] = x[i * m + j] * dy[i * p + k];
    return dw;
  }
};

}  // namespace heed::book::pullbacks
