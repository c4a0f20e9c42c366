// Loops over one row of numbers, of which the passes over packed rows are made.
#pragma once

#include "autograd/kernels/registers.h"
#include "autograd/tape/record.h"

namespace heed::rows::inline HEED_WIDTH {

// v^T tanh(q + k)
template <class T>
T score(const T* v, const T* q, const T* k, int64_t size) {
  return sum_registers<T>(size, [&](auto at) { return at.load(v) * tanh(at.load(q) + at.load(k)); });
}

template <class T>
T dot(const T* a, const T* b, int64_t size) {
  return sum_registers<T>(size, [&](auto at) { return at.load(a) * at.load(b); });
}

// y += a x
template <class T>
void add_scaled(T* y, T a, const T* x, int64_t size) {
  each_register<T>(0, size, [&](auto at) { at.store(y, at.load(y) + Vec<T>(a) * at.load(x)); });
}

// y += w[0] x[rows[0]] + .. + w[Rows - 1] x[rows[Rows - 1]], rows of `size` numbers: y is read and written
// once. The annotations of all sentences are more than a cache holds, so what comes next is fetched ahead.
template <int Rows, class T>
void add_rows(T* y, const T* w, const T* x, const int64_t* rows, int64_t size) {
  const T* row[Rows];
  for (int i = 0; i < Rows; ++i) row[i] = x + rows[i] * size;
  each_register<T>(0, size, [&](auto at) {
    for (int i = 0; i < Rows; ++i) __builtin_prefetch(row[i] + at.offset + 1024 / sizeof(T));
    Vec<T> total = at.load(y);
    for (int i = 0; i < Rows; ++i) total += Vec<T>(w[i]) * at.load(row[i]);
    at.store(y, total);
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

// Score j of one query: de is the gradient of the score. Flattened, since a call for each register would cost
// sat_soft (bench) 2 % of its time.
template <class T>
[[gnu::flatten]] void score_backward(T de, const T* q, const T* v, const T* k, T* dq, T* dv, T* dk, int64_t size) {
  each_register<T>(0, size, [&](auto at) {
    const Vec<T> u = tanh(at.load(q) + at.load(k));
    const Vec<T> inner = Vec<T>(de) * at.load(v) * (Vec<T>(T(1)) - u * u);
    if (dq) at.store(dq, at.load(dq) + inner);
    if (dk) at.store(dk, at.load(dk) + inner);
    if (dv) at.store(dv, at.load(dv) + Vec<T>(de) * u);
  });
}

// The rows of a gradient may lie in wider rows: queries are often a slice of a wider product.
inline bool has_rows(const Tensor& place) { return place.is_dense() || place.strides()[1] == 1; }

}  // namespace heed::rows::HEED_WIDTH
