// Dual numbers: a value together with its derivatives along some directions, one direction for each input of
// a function. Computing with them is forward-mode differentiation: each function below carries the
// derivatives along by the rule of the calculus book.
//
//     (a, a') + (b, b') = (a + b, a' + b')        (a, a') (b, b') = (a b, a' b + a b')        f(a, a') = (f(a), f'(a) a')
//
// The set of directions along which a number can change is part of its type, so what does not
// depend on an input costs nothing for it: in a GRU with seven inputs, r = sigmoid(x_r + h_r)
// carries two derivatives, not seven.
//
// A Dual of Duals carries second derivatives. This file is heed's whole table of derivatives of scalar
// functions; zip.h turns it into gradients of elementwise operations on tensors.
#pragma once

#include "autograd/zip/dual_number.h"

namespace heed {

// The chain rule: f(x) with derivative f'(x) at x.value; f(a, b) with its two partial derivatives.
template <class V, int D>
HEED_INLINE Dual<V, D> chain(V value, V derivative, const Dual<V, D>& x) {
  Dual<V, D> y;
  y.value = value;
  for (size_t i = 0; i < x.partial.size(); ++i)
    y.partial[i] = detail::times<Dual<V, D>::chosen>(derivative, x.partial[i]);
  return y;
}
template <class V, int D, int E>
HEED_INLINE Dual<V, D | E> chain(V value, V by_a, const Dual<V, D>& a, V by_b, const Dual<V, E>& b) {
  Dual<V, D | E> y;
  y.value = value;
  const auto from_a = [&]<int i>() { return detail::times<Dual<V, D>::chosen>(by_a, a.template slope<i>()); };
  const auto from_b = [&]<int i>() { return detail::times<Dual<V, E>::chosen>(by_b, b.template slope<i>()); };
  Dual<V, D | E>::each_direction([&]<int i>() {
    if constexpr (!Dual<V, E>::has(i)) y.template along<i>() = from_a.template operator()<i>();
    else if constexpr (!Dual<V, D>::has(i)) y.template along<i>() = from_b.template operator()<i>();
    else y.template along<i>() = from_a.template operator()<i>() + from_b.template operator()<i>();
  });
  return y;
}

template <class A, DualPair<A> B>
HEED_INLINE auto operator+(const A& x, const B& y) {
  return detail::with_duals(x, y, []<class V, int D, int E>(const Dual<V, D>& a, const Dual<V, E>& b) {
    return chain(a.value + b.value, V(1.0), a, V(1.0), b);
  });
}
template <class A, DualPair<A> B>
HEED_INLINE auto operator-(const A& x, const B& y) {
  return detail::with_duals(x, y, []<class V, int D, int E>(const Dual<V, D>& a, const Dual<V, E>& b) {
    return chain(a.value - b.value, V(1.0), a, V(-1.0), b);
  });
}
template <class A, DualPair<A> B>
HEED_INLINE auto operator*(const A& x, const B& y) {
  return detail::with_duals(x, y, []<class V, int D, int E>(const Dual<V, D>& a, const Dual<V, E>& b) {
    return chain(a.value * b.value, b.value, a, a.value, b);
  });
}
template <class A, DualPair<A> B>
HEED_INLINE auto operator/(const A& x, const B& y) {
  return detail::with_duals(x, y, []<class V, int D, int E>(const Dual<V, D>& a, const Dual<V, E>& b) {
    const V quotient = a.value / b.value;  // and not a times 1/b, which may be infinite where a is 0
    return chain(quotient, V(1.0) / b.value, a, -quotient / b.value, b);
  });
}
template <class V, int D>
HEED_INLINE Dual<V, D> operator-(const Dual<V, D>& a) {
  return chain(-a.value, V(-1.0), a);
}

template <class A, DualPair<A> B>
auto operator<(const A& x, const B& y) {
  return detail::with_duals(x, y, [](const auto& a, const auto& b) { return a.value < b.value; });
}
template <class A, DualPair<A> B>
auto operator<=(const A& x, const B& y) {
  return detail::with_duals(x, y, [](const auto& a, const auto& b) { return a.value <= b.value; });
}
template <class A, DualPair<A> B>
auto operator>(const A& x, const B& y) {
  return detail::with_duals(x, y, [](const auto& a, const auto& b) { return a.value > b.value; });
}
template <class A, DualPair<A> B>
auto operator>=(const A& x, const B& y) {
  return detail::with_duals(x, y, [](const auto& a, const auto& b) { return a.value >= b.value; });
}
template <class A, DualPair<A> B>
auto operator==(const A& x, const B& y) {
  return detail::with_duals(x, y, [](const auto& a, const auto& b) { return a.value == b.value; });
}
template <class A, DualPair<A> B>
auto operator!=(const A& x, const B& y) {
  return detail::with_duals(x, y, [](const auto& a, const auto& b) { return a.value != b.value; });
}

template <class M, class A, DualPair<A> B>
HEED_INLINE auto where(const M& mask, const A& x, const B& y) {
  return detail::with_duals(x, y, [&]<class V, int D, int E>(const Dual<V, D>& a, const Dual<V, E>& b) {
    Dual<V, D | E | kChosen> result;
    result.value = detail::select(mask, a.value, b.value);
    result.each_direction([&]<int i>() {
      result.template along<i>() = detail::select(mask, a.template slope<i>(), b.template slope<i>());
    });
    return result;
  });
}
// At a tie each gets half of the derivative; of a number and NaN, NaN is taken.
template <class A, DualPair<A> B>
auto maximum(const A& a, const B& b) {
  return where(a > b, a, where(a < b, b, 0.5 * a + 0.5 * b));
}
template <class A, DualPair<A> B>
auto minimum(const A& a, const B& b) {
  return where(a < b, a, where(a > b, b, 0.5 * a + 0.5 * b));
}
// d/da = b a^(b-1), 0 where b = 0; d/db = a^b log a, 0 where a = 0 and b >= 0.
template <class A, DualPair<A> B>
auto pow(const A& x, const B& y) {
  return detail::with_duals(x, y, []<class V, int D, int E>(const Dual<V, D>& a, const Dual<V, E>& b) {
    const V zero(0.0), power = pow(a.value, b.value);
    const V by_a = detail::select(b.value == zero, zero, b.value * pow(a.value, b.value - V(1.0)));
    const V by_b = detail::select((a.value == zero) & (b.value >= zero), zero, power * log(a.value));
    // An infinite slope along one argument must not spoil (inf * 0) the derivative along another.
    const auto guarded = chain(power, by_a, Dual<V, D | kChosen>(a), by_b, Dual<V, E | kChosen>(b));
    return Dual<V, D | E>(guarded.value, guarded.partial);
  });
}

// --- the table of derivatives
template <class V, int N>
HEED_INLINE Dual<V, N> exp(const Dual<V, N>& x) {
  const V y = exp(x.value);
  return chain(y, y, x);
}
template <class V, int N>
HEED_INLINE Dual<V, N> log(const Dual<V, N>& x) {
  return chain(log(x.value), V(1.0) / x.value, x);
}
template <class V, int N>
HEED_INLINE Dual<V, N> log1p(const Dual<V, N>& x) {
  return chain(log1p(x.value), V(1.0) / (V(1.0) + x.value), x);
}
template <class V, int N>
HEED_INLINE Dual<V, N> sqrt(const Dual<V, N>& x) {
  const V y = sqrt(x.value);
  return chain(y, V(0.5) / y, x);
}
template <class V, int N>
HEED_INLINE Dual<V, N> tanh(const Dual<V, N>& x) {
  const V y = tanh(x.value);
  return chain(y, V(1.0) - y * y, x);
}
template <class V, int N>
HEED_INLINE Dual<V, N> sigmoid(const Dual<V, N>& x) {
  const V y = sigmoid(x.value);
  return chain(y, y * (V(1.0) - y), x);
}
template <class V, int N>
HEED_INLINE Dual<V, N> erf(const Dual<V, N>& x) {
  return chain(erf(x.value), V(1.12837916709551257390) * exp(-(x.value * x.value)), x);  // 2 / sqrt(pi)
}
template <class V, int N>
HEED_INLINE Dual<V, N> sin(const Dual<V, N>& x) {
  return chain(sin(x.value), cos(x.value), x);
}
template <class V, int N>
HEED_INLINE Dual<V, N> cos(const Dual<V, N>& x) {
  return chain(cos(x.value), -sin(x.value), x);
}
template <class V, int N>
HEED_INLINE Dual<V, N> abs(const Dual<V, N>& x) {  // 0 at 0
  const V zero(0.0), negative = detail::select(x.value < zero, V(-1.0), zero * x.value),
                     sign = detail::select(x.value > zero, V(1.0), negative);
  return chain(abs(x.value), sign, x);
}

}  // namespace heed
