// Vec<T>: as many numbers as one register of this CPU holds, with the arithmetic of one number.
//
// Built on the vector extension that g++ and clang++ share, so the same source gives AVX-512, AVX2, SSE2 or
// NEON code, whatever the compiler is told to build for. Its functions exp, log, .. are in simd.h.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "autograd/base/width.h"

// A call would spill all registers around it, and the loops that use these functions are short of registers
// already.
#define HEED_INLINE [[gnu::always_inline]] inline

namespace heed {
inline namespace HEED_WIDTH {

template <class T>
struct Lanes {
  using Int = std::conditional_t<sizeof(T) == 4, int32_t, int64_t>;
  // Whole numbers are added and multiplied modulo 2^64; of signed ones an overflow would be undefined.
  using Modular = std::conditional_t<std::is_integral_v<T>, uint64_t, T>;
  typedef T Number __attribute__((vector_size(kVectorBytes)));
  typedef Modular Ring __attribute__((vector_size(kVectorBytes)));
  typedef Int Bits __attribute__((vector_size(kVectorBytes)));
};

// The outcome of a comparison, lane by lane: all ones for true.
template <class T>
struct Mask {
  typename Lanes<T>::Bits bits;
  friend Mask operator&(Mask a, Mask b) { return {a.bits & b.bits}; }
  friend Mask operator|(Mask a, Mask b) { return {a.bits | b.bits}; }
  friend Mask operator!(Mask a) { return {~a.bits}; }
  explicit operator bool() const {
    static_assert(sizeof(T) == 0,
                  "a comparison in such a lambda has one answer for each lane of a register: "
                  "write where(condition, a, b) for if, ?: and std::max, and & | ! for && ||");
    return false;
  }
};

template <class T>
struct Vec {
  using Number = typename Lanes<T>::Number;
  using Ring = typename Lanes<T>::Ring;
  using Bits = typename Lanes<T>::Bits;
  static constexpr int width = kVectorBytes / sizeof(T);

  Number lanes;

  Vec() = default;
  Vec(Number x) : lanes(x) {}
  Vec(T x) : lanes(x - Number{}) {}  // 0 + x would cost an addition, and make 0 of -0

  static Vec load(const T* from) {
    Number x;
    std::memcpy(&x, from, sizeof x);
    return x;
  }
  // The first `count` numbers (at least one); the other lanes repeat the first, which is safe for any
  // function.
  static Vec load(const T* from, int count) {
    Vec x(from[0]);
    if (count > 1) std::memcpy(&x.lanes, from, static_cast<size_t>(count) * sizeof(T));
    return x;
  }
  void store(T* to) const { std::memcpy(to, &lanes, sizeof lanes); }
  void store(T* to, int count) const {
    if (count == 1) *to = lanes[0];
    else std::memcpy(to, &lanes, static_cast<size_t>(count) * sizeof(T));
  }
  // The first `count` numbers, zeros in the other lanes.
  Vec first(int count) const {
    if (count == width) return *this;
    Vec x(T(0));
    std::memcpy(&x.lanes, &lanes, static_cast<size_t>(count) * sizeof(T));
    return x;
  }
  T sum() const {
    T total = 0;
    for (int i = 0; i < width; ++i) total += lanes[i];
    return total;
  }
  T sum(int count) const {
    T total = 0;
    for (int i = 0; i < count; ++i) total += lanes[i];
    return total;
  }

  friend Vec operator+(Vec a, Vec b) { return Number(Ring(a.lanes) + Ring(b.lanes)); }
  friend Vec operator-(Vec a, Vec b) { return Number(Ring(a.lanes) - Ring(b.lanes)); }
  friend Vec operator*(Vec a, Vec b) { return Number(Ring(a.lanes) * Ring(b.lanes)); }
  friend Vec operator/(Vec a, Vec b) { return a.lanes / b.lanes; }
  friend Vec operator-(Vec a) { return Number(-Ring(a.lanes)); }
  Vec& operator+=(Vec b) { return *this = *this + b; }
  friend Mask<T> operator<(Vec a, Vec b) { return {a.lanes < b.lanes}; }
  friend Mask<T> operator<=(Vec a, Vec b) { return {a.lanes <= b.lanes}; }
  friend Mask<T> operator>(Vec a, Vec b) { return {a.lanes > b.lanes}; }
  friend Mask<T> operator>=(Vec a, Vec b) { return {a.lanes >= b.lanes}; }
  friend Mask<T> operator==(Vec a, Vec b) { return {a.lanes == b.lanes}; }
  friend Mask<T> operator!=(Vec a, Vec b) { return {a.lanes != b.lanes}; }

  // mask ? a : b
  friend Vec where(Mask<T> mask, Vec a, Vec b) { return mask.bits ? a.lanes : b.lanes; }
  // Of a number and NaN, NaN.
  friend Vec maximum(Vec a, Vec b) { return where((a > b) | (a != a), a, b); }
  friend Vec minimum(Vec a, Vec b) { return where((a < b) | (a != a), a, b); }
  friend Vec pow(Vec a, Vec b) {
#pragma GCC unroll 1
    for (int i = 0; i < width; ++i) a.lanes[i] = std::pow(a.lanes[i], b.lanes[i]);
    return a;
  }
};

// Of two plain numbers, as in where(x < 0, -1, 1).
template <class T, class A, class B>
requires std::is_arithmetic_v<A> && std::is_arithmetic_v<B> HEED_INLINE Vec<T> where(Mask<T> mask, A a, B b) {
  return where(mask, Vec<T>(static_cast<T>(a)), Vec<T>(static_cast<T>(b)));
}

}  // namespace HEED_WIDTH
}  // namespace heed
