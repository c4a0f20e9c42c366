// Dual numbers: a value together with its derivatives along N directions. Computing with them is forward-mode
// differentiation: each function below carries the derivatives along by the rule of the calculus book.
//
//     (a, a') + (b, b') = (a + b, a' + b')        (a, a') (b, b') = (a b, a' b + a b')        f(a, a') = (f(a), f'(a) a')
//
// A Dual of Duals carries second derivatives. This file is heed's whole table of derivatives of scalar functions;
// zip.h turns it into gradients of elementwise operations on tensors.
#pragma once

#include "autograd/simd.h"

namespace heed {

template <class V, int N>
struct Dual {
  V value;
  V partial[N];

  Dual() = default;
  Dual(V constant) : value(constant) {
    for (V& p : partial) p = V(0.0);
  }
  template <class Number, class = std::enable_if_t<std::is_arithmetic_v<Number>>>
  Dual(Number constant) : Dual(V(constant)) {}

  friend Dual operator+(const Dual& a, const Dual& b) {
    return build(a.value + b.value, [&](int i) { return a.partial[i] + b.partial[i]; });
  }
  friend Dual operator-(const Dual& a, const Dual& b) {
    return build(a.value - b.value, [&](int i) { return a.partial[i] - b.partial[i]; });
  }
  friend Dual operator*(const Dual& a, const Dual& b) {
    return build(a.value * b.value, [&](int i) { return a.partial[i] * b.value + a.value * b.partial[i]; });
  }
  friend Dual operator/(const Dual& a, const Dual& b) {
    const V inverse = V(1.0) / b.value, y = a.value * inverse;
    return build(a.value / b.value, [&](int i) { return (a.partial[i] - y * b.partial[i]) * inverse; });
  }
  friend Dual operator-(const Dual& a) {
    return build(-a.value, [&](int i) { return -a.partial[i]; });
  }
  friend auto operator<(const Dual& a, const Dual& b) { return a.value < b.value; }
  friend auto operator<=(const Dual& a, const Dual& b) { return a.value <= b.value; }
  friend auto operator>(const Dual& a, const Dual& b) { return a.value > b.value; }
  friend auto operator>=(const Dual& a, const Dual& b) { return a.value >= b.value; }
  friend auto operator==(const Dual& a, const Dual& b) { return a.value == b.value; }

  template <class M>
  friend Dual where(const M& mask, const Dual& a, const Dual& b) {
    return build(where(mask, a.value, b.value), [&](int i) { return where(mask, a.partial[i], b.partial[i]); });
  }
  // At a tie each gets half of the derivative.
  friend Dual maximum(const Dual& a, const Dual& b) {
    return where(a > b, a, where(a < b, b, Dual(0.5) * (a + b)));
  }
  friend Dual minimum(const Dual& a, const Dual& b) {
    return where(a < b, a, where(a > b, b, Dual(0.5) * (a + b)));
  }
  // d/da = b a^(b-1), 0 where b = 0; d/db = a^b log a, 0 where a = 0 and b >= 0.
  friend Dual pow(const Dual& a, const Dual& b) {
    const V zero(0.0), y = pow(a.value, b.value);
    const V by_a = where(b.value == zero, zero, b.value * pow(a.value, b.value - V(1.0)));
    const V by_b = where((a.value == zero) & (b.value >= zero), zero, y * log(a.value));
    // An infinite slope along one argument must not spoil (inf * 0) the derivative along another.
    const auto times = [&](const V& slope, const V& p) { return where(p == zero, zero, slope * p); };
    return build(y, [&](int i) { return times(by_a, a.partial[i]) + times(by_b, b.partial[i]); });
  }

  template <class F>
  static Dual build(V value, F partial_of) {
    Dual result;
    result.value = value;
    for (int i = 0; i < N; ++i) result.partial[i] = partial_of(i);
    return result;
  }
};

// The chain rule: f(x) with derivative f'(x) at x.value.
template <class V, int N>
Dual<V, N> chain(V value, V derivative, const Dual<V, N>& x) {
  return Dual<V, N>::build(value, [&](int i) { return derivative * x.partial[i]; });
}

// --- the table of derivatives
template <class V, int N>
Dual<V, N> exp(const Dual<V, N>& x) {
  const V y = exp(x.value);
  return chain(y, y, x);
}
template <class V, int N>
Dual<V, N> log(const Dual<V, N>& x) {
  return chain(log(x.value), V(1.0) / x.value, x);
}
template <class V, int N>
Dual<V, N> log1p(const Dual<V, N>& x) {
  return chain(log1p(x.value), V(1.0) / (V(1.0) + x.value), x);
}
template <class V, int N>
Dual<V, N> sqrt(const Dual<V, N>& x) {
  const V y = sqrt(x.value);
  return chain(y, V(0.5) / y, x);
}
template <class V, int N>
Dual<V, N> tanh(const Dual<V, N>& x) {
  const V y = tanh(x.value);
  return chain(y, V(1.0) - y * y, x);
}
template <class V, int N>
Dual<V, N> sigmoid(const Dual<V, N>& x) {
  const V y = sigmoid(x.value);
  return chain(y, y * (V(1.0) - y), x);
}
template <class V, int N>
Dual<V, N> erf(const Dual<V, N>& x) {
  return chain(erf(x.value), V(1.12837916709551257390) * exp(-(x.value * x.value)), x);  // 2 / sqrt(pi)
}
template <class V, int N>
Dual<V, N> sin(const Dual<V, N>& x) {
  return chain(sin(x.value), cos(x.value), x);
}
template <class V, int N>
Dual<V, N> cos(const Dual<V, N>& x) {
  return chain(cos(x.value), -sin(x.value), x);
}
template <class V, int N>
Dual<V, N> abs(const Dual<V, N>& x) {  // 0 at 0
  const V sign = where(x.value > V(0.0), V(1.0), where(x.value < V(0.0), V(-1.0), V(0.0)));
  return chain(abs(x.value), sign, x);
}

}  // namespace heed
