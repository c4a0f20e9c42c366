// Chapter 14.
#pragma once

#include "tests/book/given/fast.h"

namespace heed::book::fast {

struct right {
  // 14.1: let_pass(bend(a, b), c), in one operation.
  static Tensor fused(const Tensor& a, const Tensor& b, const Tensor& c) {
    return zip(
        "fused", [](auto a, auto b, auto c) { return let_pass(bend(a, b), c); }, a, b, c);
  }
  // 14.2: X A B, of X [n, m], A [m, p], B [p, q], with as few multiplications as its two orders allow.
  static Tensor product(const Tensor& x, const Tensor& a, const Tensor& b) {
    const int64_t n = x.size(0), m = x.size(1), p = a.size(1), q = b.size(1);
    const bool from_the_left = n * m * p + n * p * q <= m * p * q + n * m * q;
    return from_the_left ? matmul(matmul(x, a), b) : matmul(x, matmul(a, b));
  }
};

struct wrong {
  // The same numbers, by way of memory.
  static Tensor fused(const Tensor& a, const Tensor& b, const Tensor& c) {
    return zip("let_pass", let_pass, zip("bend", bend, a, b), c);
  }
  // Good for few rows of x. For many, A B once is cheaper.
  static Tensor product(const Tensor& x, const Tensor& a, const Tensor& b) { return matmul(matmul(x, a), b); }
};

}  // namespace heed::book::fast
