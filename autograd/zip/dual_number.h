// Dual: the number that zip.h differentiates with, and how a slope that a choice has made 0 stays 0. The rules of
// reckoning with it are in dual.h.
#pragma once

#include <array>
#include <bit>
#include <type_traits>
#include <utility>

#include "autograd/base/simd.h"

namespace heed {

// Beside the directions: a choice was made on the way, such as that of where() or maximum(). What was not chosen has the
// slope 0, and nothing that comes later, be it infinite, may give it more (times, below).
inline constexpr int kChosen = 1 << 30;

// D: the set of directions, bit i for direction i, and perhaps kChosen.
template <class V, int D>
struct Dual {
  static constexpr unsigned directions = static_cast<unsigned>(D & ~kChosen);
  static constexpr bool chosen = (D & kChosen) != 0;
  static constexpr int count = std::popcount(directions);
  static constexpr bool has(int i) { return (directions >> i & 1) != 0; }

  V value;
  std::array<V, count> partial;  // of the directions in D, in their order

  Dual() = default;
  Dual(V constant) : value(constant) { partial.fill(V(0.0)); }
  Dual(V number, const std::array<V, count>& slopes) : value(number), partial(slopes) {}
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
    (std::make_integer_sequence<int, std::bit_width(directions)>{});
  }

 private:
  static constexpr size_t place(int i) { return static_cast<size_t>(std::popcount(directions & ((1u << i) - 1))); }
};

namespace detail {

// Of a Dual; 0 of a constant, which is a plain number or a register, -1 of anything else.
template <class X>
constexpr int directions = -1;
template <class V, int D>
constexpr int directions<Dual<V, D>> = static_cast<int>(Dual<V, D>::directions);
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

namespace detail {

// Member by member, without a note that a choice was made.
template <class M, class V>
HEED_INLINE V select(const M& mask, const V& a, const V& b) {
  if constexpr (is_dual<V>) {
    V chosen;
    chosen.value = select(mask, a.value, b.value);
    for (size_t i = 0; i < a.partial.size(); ++i) chosen.partial[i] = select(mask, a.partial[i], b.partial[i]);
    return chosen;
  } else {
    return where(mask, a, b);
  }
}

template <class V>
HEED_INLINE auto is_zero(const V& x) {
  if constexpr (is_dual<V>) {
    auto zero = is_zero(x.value);
    for (const auto& partial : x.partial) zero = zero & is_zero(partial);
    return zero;
  } else {
    return x == V(0.0);
  }
}

// factor * slope. After a choice 0 stays 0 even if the other is infinite, or NaN.
template <bool chosen, class V>
HEED_INLINE V times(const V& factor, const V& slope) {
  if constexpr (chosen) return select(is_zero(factor) | is_zero(slope), V(0.0), factor * slope);
  else return factor * slope;
}

}  // namespace detail

}  // namespace heed
