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

#include <array>
#include <bit>
#include <type_traits>
#include <utility>

#include "autograd/base/simd.h"

namespace heed {

// D: the set of directions, bit i for direction i.
template <class V, int D>
struct Dual {
  static constexpr int count = std::popcount(static_cast<unsigned>(D));
  static constexpr bool has(int i) { return (D >> i & 1) != 0; }

  V value;
  std::array<V, count> partial;  // of the directions in D, in their order

  Dual() = default;
  Dual(V constant) : value(constant) { partial.fill(V(0.0)); }
  template <class Number, class = std::enable_if_t<std::is_arithmetic_v<Number>>>
  Dual(Number constant) : Dual(V(constant)) {}
  // The same number seen as one that could change along more directions.
  template <int E>
  requires((E & ~D) == 0 && E != D) Dual(const Dual<V, E>& x) : value(x.value) {
    each_direction([&]<int i>() { along<i>() = x.template slope<i>(); });
  }

  // The derivative along direction i of D; along any direction.
  template <int i>
  V& along() {
    return partial[place(i)];
  }
  template <int i>
  V slope() const {
    if constexpr (has(i)) return partial[place(i)];
    else return V(0.0);
  }
  // Calls f<i>() for each direction.
  template <class F>
  HEED_INLINE static void each_direction(F f) {
    [&]<int... I>(std::integer_sequence<int, I...>) {
      (
          [&] {
            if constexpr (has(I)) f.template operator()<I>();
          }(),
          ...);
    }
    (std::make_integer_sequence<int, std::bit_width(static_cast<unsigned>(D))>{});
  }

 private:
  static constexpr size_t place(int i) {
    return static_cast<size_t>(std::popcount(static_cast<unsigned>(D) & ((1u << i) - 1)));
  }
};

namespace detail {

// Of a Dual; 0 of a constant, which is a plain number or a register, -1 of anything else.
template <class X>
constexpr int directions = -1;
template <class V, int D>
constexpr int directions<Dual<V, D>> = D;
template <class X>
requires std::is_arithmetic_v<X>
constexpr int directions<X> = 0;
template <class T>
constexpr int directions<Vec<T>> = 0;

template <class X>
constexpr bool is_dual = false;
template <class V, int D>
constexpr bool is_dual<Dual<V, D>> = true;

template <class A, class B>
struct ValueOf;
template <class V, int D, class B>
struct ValueOf<Dual<V, D>, B> : std::type_identity<V> {};
template <class A, class V, int D>
requires(!is_dual<A>) struct ValueOf<A, Dual<V, D>> : std::type_identity<V> {
};

template <class V, int D>
const Dual<V, D>& as_dual(const Dual<V, D>& x) {
  return x;
}
template <class V, class Constant>
requires(!is_dual<Constant>) Dual<V, 0> as_dual(Constant x) { return Dual<V, 0>(V(x)); }

}  // namespace detail

// Two operands of which at least one is a Dual; the other may be a constant.
template <class B, class A>
concept DualPair = detail::directions<A>
>= 0 && detail::directions<B> >= 0 && (detail::is_dual<A> || detail::is_dual<B>);

namespace detail {

// Calls f with both operands as Duals of one value type.
template <class A, class B, class F>
HEED_INLINE auto with_duals(const A& a, const B& b, F f) {
  using V = typename ValueOf<A, B>::type;
  return f(as_dual<V>(a), as_dual<V>(b));
}

}  // namespace detail

// The chain rule: f(x) with derivative f'(x) at x.value; f(a, b) with its two partial derivatives.
template <class V, int D>
HEED_INLINE Dual<V, D> chain(V value, V derivative, const Dual<V, D>& x) {
  Dual<V, D> y;
  y.value = value;
  for (size_t i = 0; i < x.partial.size(); ++i) y.partial[i] = derivative * x.partial[i];
  return y;
}
template <class V, int D, int E>
HEED_INLINE Dual<V, D | E> chain(V value, V by_a, const Dual<V, D>& a, V by_b, const Dual<V, E>& b) {
  Dual<V, D | E> y;
  y.value = value;
  Dual<V, D | E>::each_direction([&]<int i>() {
    if constexpr (!Dual<V, E>::has(i)) y.template along<i>() = by_a * a.template slope<i>();
    else if constexpr (!Dual<V, D>::has(i)) y.template along<i>() = by_b * b.template slope<i>();
    else y.template along<i>() = by_a * a.template slope<i>() + by_b * b.template slope<i>();
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
    const V inverse = V(1.0) / b.value;
    return chain(a.value / b.value, inverse, a, -(a.value * inverse) * inverse, b);
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
    Dual<V, D | E> chosen;
    chosen.value = where(mask, a.value, b.value);
    chosen.each_direction(
        [&]<int i>() { chosen.template along<i>() = where(mask, a.template slope<i>(), b.template slope<i>()); });
    return chosen;
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
    const V by_a = where(b.value == zero, zero, b.value * pow(a.value, b.value - V(1.0)));
    const V by_b = where((a.value == zero) & (b.value >= zero), zero, power * log(a.value));
    // An infinite slope along one argument must not spoil (inf * 0) the derivative along another.
    const auto times = [&](const V& slope, const V& p) { return where(p == zero, zero, slope * p); };
    Dual<V, D | E> result;
    result.value = power;
    result.each_direction([&]<int i>() {
      result.template along<i>() = times(by_a, a.template slope<i>()) + times(by_b, b.template slope<i>());
    });
    return result;
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
  const V zero(0.0), sign = where(x.value > zero, V(1.0), where(x.value < zero, V(-1.0), zero * x.value));
  return chain(abs(x.value), sign, x);
}

}  // namespace heed
