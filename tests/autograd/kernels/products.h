// Matrices that lie in memory in every way, and the definition of their product.
#pragma once

#include <cmath>
#include <vector>

#include "autograd/autograd.h"

namespace heed::test {

// A matrix [rows, columns] that lies in memory as it is, turned round, or with gaps on both sides.
inline Tensor laid_out(int64_t rows, int64_t columns, int way, DType dtype, Rng& rng) {
  if (way == 0) return rng.normal({rows, columns}, 0, 1, dtype);
  if (way == 1) return transpose(rng.normal({columns, rows}, 0, 1, dtype), 0, 1);
  return slice(slice(rng.normal({2 * rows, 3 * columns}, 0, 1, dtype), 0, 0, 2 * rows, 2), 1, 0, 3 * columns, 3);
}

// beta c + alpha op(a) op(b) by the definition, in double.
inline std::vector<double> by_loops(const Tensor& c, const Tensor& a, bool turn_a, const Tensor& b, bool turn_b,
                                    double beta, double alpha) {
  const std::vector<double> left = (turn_a ? transpose(a, 0, 1) : a).to_vector(),
                            right = (turn_b ? b : transpose(b, 0, 1)).to_vector(), before = c.to_vector();
  const int64_t depth = a.size(turn_a ? 0 : 1), columns = c.size(1);
  std::vector<double> found;
  for (int64_t i = 0; i < c.size(0); ++i)
    for (int64_t j = 0; j < columns; ++j) {
      double sum = 0;  // of a row of the left, and a row of the right turned round
      const double *x = left.data() + i * depth, *y = right.data() + j * depth;
      for (int64_t k = 0; k < depth; ++k) sum += x[k] * y[k];
      found.push_back(alpha * sum + (beta == 0 ? 0 : beta * before[static_cast<size_t>(i * columns + j)]));
    }
  return found;
}

// The largest difference; immense where a number is not finite.
inline double worst(const std::vector<double>& got, const std::vector<double>& expected) {
  double found = 0;
  for (size_t i = 0; i < got.size(); ++i)
    found = std::max(found, std::isfinite(got[i]) ? std::abs(got[i] - expected[i]) : 1e300);
  return found;
}

}  // namespace heed::test
