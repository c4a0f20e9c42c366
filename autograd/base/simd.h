// Functions of a register of numbers (vec.h): exp, log, tanh, .. They work as a numerical analysis course has
// it: reduce the argument to a short interval, sum a series there, scale back. Largest errors against long
// double, in units of the last place, over ten million arguments of each kind of number, denormals among
// arguments and results: exp 1.1, log 1.3, tanh 2.6, sigmoid 2.4, log1p 2.4. Infinities, NaN and the sign of
// a zero come out as in the C library (tests/autograd/base/simd_test.cpp).
#pragma once

#include <limits>
#include <string>

#include "autograd/base/vec.h"

namespace heed {

// The instructions that the library's own loops are compiled for: "avx512", "avx2", "avx", "sse2", "neon" or
// "plain". A portable build (HEED_NATIVE=OFF) holds several libraries; this is the one that the loader chose.
std::string instruction_set();

inline namespace HEED_WIDTH {

namespace simd {

template <class T>
struct Format;  // how the number is laid out, and what the series need
template <>
struct Format<float> {
  static constexpr int mantissa = 23, bias = 127;
  static constexpr float magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to a whole number
  static constexpr float ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
  static constexpr float exp_low = -104.0f, exp_high = 89.0f, tanh_limit = 10.0f;
  static constexpr int exp_terms = 7, log_terms = 4;
};
template <>
struct Format<double> {
  static constexpr int mantissa = 52, bias = 1023;
  static constexpr double magic = 6755399441055744.0;  // 1.5 * 2^52
  static constexpr double ln2_high = 0.693147180369123816490, ln2_low = 1.90821492927058770002e-10;
  static constexpr double exp_low = -746.0, exp_high = 710.0, tanh_limit = 20.0;
  static constexpr int exp_terms = 13, log_terms = 10;
};

template <class T>
HEED_INLINE Vec<T> from_bits(typename Vec<T>::Bits bits) {
  Vec<T> x;
  std::memcpy(&x.lanes, &bits, sizeof bits);
  return x;
}
template <class T>
HEED_INLINE typename Vec<T>::Bits to_bits(Vec<T> x) {
  typename Vec<T>::Bits bits;
  std::memcpy(&bits, &x.lanes, sizeof bits);
  return bits;
}
// 2^n for whole n within the normal range
template <class T>
HEED_INLINE Vec<T> power_of_two(typename Vec<T>::Bits n) {
  return from_bits<T>((n + Format<T>::bias) << Format<T>::mantissa);
}

template <class T>
constexpr T inverse_factorial(int n) {
  T factorial = 1;
  for (int k = 2; k <= n; ++k) factorial *= T(k);
  return T(1) / factorial;
}
// Horner's scheme, unrolled by the compiler because each term is a function of its own:
// 1/2! + r (1/3! + r (1/4! + ..))
template <class T, int K = 2>
HEED_INLINE Vec<T> exp_series(Vec<T> r) {
  constexpr T coefficient = inverse_factorial<T>(K);
  if constexpr (K == Format<T>::exp_terms) return Vec<T>(coefficient);
  else return exp_series<T, K + 1>(r) * r + Vec<T>(coefficient);
}
// 1/3 + s2 (1/5 + s2 (1/7 + ..))
template <class T, int K = 1>
HEED_INLINE Vec<T> log_series(Vec<T> s2) {
  constexpr T coefficient = T(1) / T(2 * K + 1);
  if constexpr (K == Format<T>::log_terms) return Vec<T>(coefficient);
  else return log_series<T, K + 1>(s2) * s2 + Vec<T>(coefficient);
}

// A whole number, as a number plus magic and as bits.
template <class T>
struct Whole {
  Vec<T> shifted;
  HEED_INLINE Vec<T> number() const { return shifted - Vec<T>(Format<T>::magic); }
  HEED_INLINE typename Vec<T>::Bits bits() const { return to_bits(shifted) - to_bits(Vec<T>(Format<T>::magic)); }
};

// x = n ln2 + r with |r| <= ln2/2; gives n and the series r + r^2/2! + r^3/3! + .. = e^r - 1.
template <class T>
HEED_INLINE Vec<T> reduced_expm1(Vec<T> x, Whole<T>& n) {
  using F = Format<T>;
  n = {x * Vec<T>(T(1.44269504088896340736)) + Vec<T>(F::magic)};
  const Vec<T> r = x - n.number() * Vec<T>(F::ln2_high) - n.number() * Vec<T>(F::ln2_low);
  return exp_series<T>(r) * (r * r) + r;
}

// x 2^n and x within bounds; NaN passes. AVX-512 has an instruction for what takes eight and for what takes two, where
// nothing else is as many; exp is nearly twice as fast by them. Same bits: both round x 2^n once.
#ifdef __AVX512F__
#define HEED_TWO_TO_ONE(y, name, a, b)                                                \
  if constexpr (sizeof(T) == 4) asm(name "ps %2, %1, %0" : "=v"(y) : "v"(a), "v"(b)); \
  else asm(name "pd %2, %1, %0" : "=v"(y) : "v"(a), "v"(b))

template <class T>
HEED_INLINE Vec<T> times_power_of_two(Vec<T> x, Whole<T> n) {
  Vec<T> y;
  HEED_TWO_TO_ONE(y.lanes, "vscalef", x.lanes, n.number().lanes);
  return y;
}
template <class T>
HEED_INLINE Vec<T> within(Vec<T> x, T low, T high) {
  HEED_TWO_TO_ONE(x.lanes, "vmax", Vec<T>(low).lanes, x.lanes);
  HEED_TWO_TO_ONE(x.lanes, "vmin", Vec<T>(high).lanes, x.lanes);
  return x;
}
#undef HEED_TWO_TO_ONE
#else
template <class T>
HEED_INLINE Vec<T> times_power_of_two(Vec<T> x, Whole<T> n) {
  // In two factors, so that results beyond the normal range come out as inf or denormal.
  const auto half = n.bits() >> 1;
  return x * power_of_two<T>(half) * power_of_two<T>(n.bits() - half);
}
template <class T>
HEED_INLINE Vec<T> within(Vec<T> x, T low, T high) {
  x = where(x < Vec<T>(low), Vec<T>(low), x);
  return where(x > Vec<T>(high), Vec<T>(high), x);
}
#endif

// f applied to each lane by the C library: for functions that no inner loop needs.
template <class T, class F>
Vec<T> each(F f, Vec<T> x) {
#pragma GCC unroll 1
  for (int i = 0; i < Vec<T>::width; ++i) x.lanes[i] = f(x.lanes[i]);
  return x;
}

}  // namespace simd

template <class T>
HEED_INLINE Vec<T> abs(Vec<T> x) {
  return simd::from_bits<T>(simd::to_bits(x) & std::numeric_limits<typename Lanes<T>::Int>::max());
}

template <class T>
HEED_INLINE Vec<T> exp(Vec<T> x) {
  using F = simd::Format<T>;
  simd::Whole<T> n;
  // Clamped so that n stays small; what lies beyond becomes inf or 0 all the same.
  const Vec<T> e = simd::reduced_expm1(simd::within(x, F::exp_low, F::exp_high), n) + Vec<T>(T(1));
  return simd::times_power_of_two(e, n);
}

// With u = e^{2|x|} - 1: tanh |x| = u / (u + 2), accurate near 0 because u is. The sign is put on at the end,
// so that -0 keeps it.
template <class T>
HEED_INLINE Vec<T> tanh(Vec<T> x) {
  using F = simd::Format<T>;
  Vec<T> size = abs(x);
  const auto sign = simd::to_bits(x) ^ simd::to_bits(size);
  size = where(size > Vec<T>(F::tanh_limit), Vec<T>(F::tanh_limit), size);
  simd::Whole<T> n;
  const Vec<T> r = simd::reduced_expm1(size + size, n);
  const Vec<T> scale = simd::power_of_two<T>(n.bits());
  const Vec<T> u = scale * r + (scale - Vec<T>(T(1)));
  return simd::from_bits<T>(simd::to_bits(u / (u + Vec<T>(T(2)))) | sign);
}

// With e = e^-|x|, which cannot overflow: 1/(1 + e), or e/(1 + e) for negative x, so that small results
// keep their digits.
template <class T>
HEED_INLINE Vec<T> sigmoid(Vec<T> x) {
  const Vec<T> one(T(1)), e = exp(-abs(x));
  return where(x < Vec<T>(T(0)), e, one) / (one + e);
}

// x = 2^n m with sqrt(1/2) <= m < sqrt(2); with s = (m-1)/(m+1): log m = 2 (s + s^3/3 + s^5/5 + ..).
template <class T>
HEED_INLINE Vec<T> log(Vec<T> x) {
  using F = simd::Format<T>;
  using V = Vec<T>;
  const Mask<T> tiny = x < V(std::numeric_limits<T>::min());
  const V scaled = where(tiny, x * V(T(int64_t{1} << (F::mantissa + 2))), x);  // lifts denormals
  constexpr T root_half = T(0.70710678118654752440);
  const auto bits = simd::to_bits(abs(scaled));  // what is below 0 becomes NaN in the end
  auto n = ((bits - simd::to_bits(V(root_half))) >> F::mantissa);
  const V m = simd::from_bits<T>(bits - (n << F::mantissa));
  V power;
  for (int i = 0; i < V::width; ++i) power.lanes[i] = static_cast<T>(n[i]);
  power = power - where(tiny, V(T(F::mantissa + 2)), V(T(0)));
  const V f = m - V(T(1));
  const V s = f / (f + V(T(2)));
  const V s2 = s * s;
  const V series = simd::log_series<T>(s2);
  // 2s = f - s f, so log m = f - s (f - 2 s^2 series ..): keeps the leading term exact.
  const V log_m = f - s * (f - V(T(2)) * s2 * series);
  V y = power * V(F::ln2_high) + (log_m + power * V(F::ln2_low));
  const V infinity(std::numeric_limits<T>::infinity());
  y = where(x == infinity, infinity, y);
  y = where(x == V(T(0)), -infinity, y);
  return where(x >= V(T(0)), y, V(std::numeric_limits<T>::quiet_NaN()));
}

// log(1 + x) without loss for small x: corrects the rounding of 1 + x.
template <class T>
Vec<T> log1p(Vec<T> x) {
  const Vec<T> u = Vec<T>(T(1)) + x, rounded = u - Vec<T>(T(1));
  const Mask<T> exact = (rounded == x) | (rounded == Vec<T>(T(0)));
  const Vec<T> safe = where(exact, Vec<T>(T(1)), rounded);
  return where(rounded == Vec<T>(T(0)), x, where(exact, log(u), log(u) * (x / safe)));
}

template <class T>
Vec<T> sqrt(Vec<T> x) {
  for (int i = 0; i < Vec<T>::width; ++i) x.lanes[i] = std::sqrt(x.lanes[i]);
  return x;
}
template <class T>
Vec<T> erf(Vec<T> x) {
  return simd::each([](T t) { return std::erf(t); }, x);
}
template <class T>
Vec<T> sin(Vec<T> x) {
  return simd::each([](T t) { return std::sin(t); }, x);
}
template <class T>
Vec<T> cos(Vec<T> x) {
  return simd::each([](T t) { return std::cos(t); }, x);
}

// w x, and 0 where w is 0, whatever x is: what has no weight is not looked at, were it infinite or NaN. The derivative
// by w is x there, too, if x is finite.
template <class W, class X>
HEED_INLINE auto weigh(const W& w, const X& x) {
  return where((w == 0.0) & !(x - x == 0.0), 0.0, w * x);
}

}  // namespace HEED_WIDTH

}  // namespace heed
