// Loops over a row of numbers, a register at a time.
//
// A row is so many full registers and a rest. What is done with a register is written once, for a place `at`
// in the row, and compiled twice, for full registers and for the rest:
//
//     each_register<T>(0, n, [&](auto at) { at.store(y, at.load(y) + a * at.load(x)); });
#pragma once

#include "autograd/base/simd.h"

namespace heed::inline HEED_WIDTH {

// The numbers from `offset` on that fill a register; or the last `count` of a row.
template <class T>
struct FullRegister {
  int64_t offset;
  static constexpr int count = Vec<T>::width;
  Vec<T> load(const T* from) const { return Vec<T>::load(from + offset); }
  void store(T* to, Vec<T> x) const { x.store(to + offset); }
  Vec<T> only(Vec<T> x, T) const { return x; }
};
template <class T>
struct PartRegister {
  int64_t offset;
  int count;
  Vec<T> load(const T* from) const { return Vec<T>::load(from + offset, count); }
  void store(T* to, Vec<T> x) const { x.store(to + offset, count); }
  // x with `other` in the lanes that hold nothing.
  Vec<T> only(Vec<T> x, T other) const {
    for (int i = count; i < Vec<T>::width; ++i) x.lanes[i] = other;
    return x;
  }
};

// Calls f(at) for the numbers [begin, end) of a row. The last call's lanes beyond the end repeat a number that
// is there; at.only() replaces what came of them.
template <class T, class F>
HEED_INLINE void each_register(int64_t begin, int64_t end, F f) {
  constexpr int64_t width = Vec<T>::width;
  for (; begin + width <= end; begin += width) f(FullRegister<T>{begin});
  if (begin < end) f(PartRegister<T>{begin, static_cast<int>(end - begin)});
}

// The same where numbers may be computed twice, because what f reads it does not write: the last register begins
// earlier, so that it is full, unless all numbers together do not fill one.
template <class T, class F>
HEED_INLINE void each_full_register(int64_t n, F f) {
  constexpr int64_t width = Vec<T>::width;
  if (n < width) return each_register<T>(0, n, f);
  for (int64_t begin = 0; begin < n; begin += width) f(FullRegister<T>{begin + width <= n ? begin : n - width});
}

// The sum of what f(at) gives for the numbers [0, n) of a row: lane by lane, then the lanes, then the rest.
template <class T, class F>
HEED_INLINE T sum_registers(int64_t n, F f) {
  Vec<T> total(T(0));
  T rest = 0;
  each_register<T>(0, n, [&](auto at) {
    if constexpr (std::is_same_v<decltype(at), FullRegister<T>>) total += f(at);
    else rest = f(at).sum(at.count);
  });
  return total.sum() + rest;
}

// to += from
template <class T>
void add_row(T* to, const T* from, int64_t n) {
  each_register<T>(0, n, [&](auto at) { at.store(to, at.load(to) + at.load(from)); });
}

}  // namespace heed::HEED_WIDTH
