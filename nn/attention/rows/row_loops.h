// Loops over one row of numbers, of which the passes over packed rows are made.
#pragma once

#include "autograd/base/simd.h"
#include "autograd/tape/record.h"

namespace heed::rows::inline HEED_WIDTH {

// Calls f(j, count) for each register-wide piece of [0, n): count is the width except for the last piece.
template <class T, class F>
inline void pieces(int64_t n, F f) {
  constexpr int64_t width = Vec<T>::width;
  int64_t j = 0;
  for (; j + width <= n; j += width) f(j, std::integral_constant<int, Vec<T>::width>{});
  if (j < n) f(j, static_cast<int>(n - j));
}
template <class T, int N>
inline Vec<T> load(const T* from, std::integral_constant<int, N>) { return Vec<T>::load(from); }
template <class T>
inline Vec<T> load(const T* from, int count) { return Vec<T>::load(from, count); }
template <class T, int N>
inline void store(Vec<T> x, T* to, std::integral_constant<int, N>) { x.store(to); }
template <class T>
inline void store(Vec<T> x, T* to, int count) { x.store(to, count); }

// v^T tanh(q + k)
template <class T>
inline T score(const T* v, const T* q, const T* k, int64_t size) {
  Vec<T> total(T(0));
  T tail = 0;
  pieces<T>(size, [&](int64_t j, auto count) {
    const Vec<T> term = load(v + j, count) * tanh(load(q + j, count) + load(k + j, count));
    if constexpr (std::is_same_v<decltype(count), int>) tail = term.sum(count);
    else total += term;
  });
  return total.sum() + tail;
}

template <class T>
T dot(const T* a, const T* b, int64_t size) {
  Vec<T> total(T(0));
  T tail = 0;
  pieces<T>(size, [&](int64_t j, auto count) {
    const Vec<T> term = load(a + j, count) * load(b + j, count);
    if constexpr (std::is_same_v<decltype(count), int>) tail = term.sum(count);
    else total += term;
  });
  return total.sum() + tail;
}

// y += a x
template <class T>
void add_scaled(T* y, T a, const T* x, int64_t size) {
  pieces<T>(size, [&](int64_t j, auto count) {
    store(load(y + j, count) + Vec<T>(a) * load(x + j, count), y + j, count);
  });
}

// y += w[0] x[rows[0]] + .. + w[Rows - 1] x[rows[Rows - 1]], rows of `size` numbers: y is read and written
// once. The annotations of all sentences are more than a cache holds, so what comes next is fetched ahead.
template <int Rows, class T>
void add_rows(T* y, const T* w, const T* x, const int64_t* rows, int64_t size) {
  const T* row[Rows];
  for (int i = 0; i < Rows; ++i) row[i] = x + rows[i] * size;
  pieces<T>(size, [&](int64_t j, auto count) {
    for (int i = 0; i < Rows; ++i) __builtin_prefetch(row[i] + j + 1024 / sizeof(T));
    Vec<T> total = load(y + j, count);
    for (int i = 0; i < Rows; ++i) total += Vec<T>(w[i]) * load(row[i] + j, count);
    store(total, y + j, count);
  });
}
// The same for any number of rows.
template <int Rows = 8, class T>
void add_weighted_rows(T* y, const T* w, const T* x, const int64_t* rows, int64_t count, int64_t size) {
  if constexpr (Rows > 0) {
    for (; count >= Rows; count -= Rows, w += Rows, rows += Rows) add_rows<Rows>(y, w, x, rows, size);
    add_weighted_rows<Rows - 1>(y, w, x, rows, count, size);
  }
}

// Score j of one query: de is the gradient of the score.
template <class T>
void score_backward(T de, const T* q, const T* v, const T* k, T* dq, T* dv, T* dk, int64_t size) {
  pieces<T>(size, [&](int64_t j, auto count) {
    const Vec<T> u = tanh(load(q + j, count) + load(k + j, count));
    const Vec<T> inner = Vec<T>(de) * load(v + j, count) * (Vec<T>(T(1)) - u * u);
    if (dq) store(load(dq + j, count) + inner, dq + j, count);
    if (dk) store(load(dk + j, count) + inner, dk + j, count);
    if (dv) store(load(dv + j, count) + Vec<T>(de) * u, dv + j, count);
  });
}

// The rows of a gradient may lie in wider rows: queries are often a slice of a wider product.
inline bool has_rows(const Tensor& place) { return place.is_dense() || place.strides()[1] == 1; }

}  // namespace heed::rows::HEED_WIDTH
