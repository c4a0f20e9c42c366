// The loops under cross entropy: one row of logits at a time, each in one pass over memory.
#pragma once

#include <limits>

#include "autograd/base/simd.h"
#include "autograd/ops/lines.h"

namespace heed::detail {

inline namespace HEED_WIDTH {

// p_j = e^(x_j - shift) / sum
template <class T>
struct RowSum {
  T shift, sum;
};

// sum_j e^(x_j - shift) over a block, and the largest x_j.
template <class T>
RowSum<T> sum_block(const T* x, int64_t n, T shift) {
  Vec<T> total(T(0)), peak(x[0]);
  const Vec<T> c(shift);
  each_register<T>(0, n, [&](auto at) {
    const Vec<T> number = at.load(x);
    peak = maximum(peak, number);
    total += at.only(exp(number - c), T(0));
  });
  return {lines::Row<T>::max(peak).lanes[0], total.sum()};
}

template <class T>
T largest(const T* x, int64_t n) {
  Vec<T> peak(x[0]);
  each_register<T>(0, n, [&](auto at) { peak = maximum(peak, at.load(x)); });
  return lines::Row<T>::max(peak).lanes[0];
}

// The shift need not be the maximum, only near it: it starts as the maximum of the first block and moves up
// when a block holds something so much larger that e^(x - shift) would lose digits. So memory is read once.
template <class T>
RowSum<T> sum_exponentials(const T* x, int64_t n) {
  constexpr int64_t first = 256, block = 4096;
  constexpr T near = 16, lowest = -std::numeric_limits<T>::infinity();
  T shift = lowest;
  double total = 0;
  for (int64_t j = 0; j < n;) {
    const bool starts = shift == lowest;
    const int64_t length = std::min(starts ? first : block, n - j);
    const T* here = x + j;
    j += length;
    if (starts) shift = largest(here, length);
    if (shift == lowest) continue;  // all -inf so far: nothing to add
    RowSum<T> found = sum_block(here, length, shift);
    if (found.shift > shift + near) {
      total *= std::exp(static_cast<double>(shift) - static_cast<double>(found.shift));
      shift = found.shift;
      found = sum_block(here, length, shift);
    }
    total += found.sum;
  }
  return {shift, static_cast<T>(total)};
}

// sum over j other than y of e^(x_j - x_y)
template <class T>
double sum_others(const T* x, int64_t n, int64_t y) {
  const auto part = [&](int64_t from, int64_t to) {
    return to > from ? sum_block(x + from, to - from, x[y]).sum : T(0);
  };
  return static_cast<double>(part(0, y)) + static_cast<double>(part(y + 1, n));
}

// sum_j w_j (x_j - shift), w = 1 if null; where w is 0, x may be infinite
template <class T>
double weighted_sum(const T* x, const T* w, int64_t n, T shift) {
  double total = 0;
  for (int64_t j = 0; j < n; ++j)
    if (!w || w[j] != 0) total += (w ? static_cast<double>(w[j]) : 1.0) * (static_cast<double>(x[j]) - shift);
  return total;
}

// dx_j (+)= scale e^(x_j - shift) - spread w_j, w = 1 if null
template <class T>
void row_gradient(T* dx, const T* x, const T* w, int64_t n, T shift, T scale, T spread, bool fresh) {
  using V = Vec<T>;
  const V c(shift), k(scale), s(spread);
  const auto run = [&](auto fresh_constant, auto plain) {
    each_register<T>(0, n, [&](auto at) {
      V slope = k * exp(at.load(x) - c);
      if constexpr (!plain.value) slope = slope - (w ? s * at.load(w) : s);
      at.store(dx, fresh_constant.value ? slope : at.load(dx) + slope);
    });
  };
  const std::true_type yes;
  const std::false_type no;
  if (spread != T(0)) return fresh ? run(yes, no) : run(no, no);
  fresh ? run(yes, yes) : run(no, yes);
}

}  // namespace HEED_WIDTH
}  // namespace heed::detail
