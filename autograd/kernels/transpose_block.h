// A square block of numbers, as many registers as a register has numbers, turned in registers.
//
// Count the block's numbers by (row, column), both w = 2^n wide, as one index of 2n bits. Interleaving the
// registers of the upper half with those of the lower half moves the row's first bit to the column's end: it
// rotates the index by one bit. After n such steps the row has become the column, and the column the row.
#pragma once

#include <algorithm>
#include <utility>

#include "autograd/base/simd.h"

namespace heed::inline HEED_WIDTH {

// a0 b0 a1 b1 ..: of the first halves of a and b, or of the second halves.
template <class T, int Half, size_t... I>
HEED_INLINE Vec<T> interleave(Vec<T> a, Vec<T> b, std::index_sequence<I...>) {
  constexpr int w = Vec<T>::width;
#if defined(__clang__)
  return Vec<T>(__builtin_shufflevector(a.lanes, b.lanes, (I % 2 * w + I / 2 + Half * w / 2)...));
#else
  using Int = typename Lanes<T>::Int;
  return Vec<T>(__builtin_shuffle(a.lanes, b.lanes,
                                  typename Vec<T>::Bits{static_cast<Int>(I % 2 * w + I / 2 + Half * w / 2)...}));
#endif
}

// rows [w, w] becomes its transpose.
template <class T>
HEED_INLINE void transpose_block(Vec<T>* rows) {
  constexpr int w = Vec<T>::width;
  const std::make_index_sequence<w> lanes{};
#pragma GCC unroll 8
  for (int step = 1; step < w; step *= 2) {
    Vec<T> next[w];
#pragma GCC unroll 16
    for (int i = 0; i < w / 2; ++i) {
      next[2 * i] = interleave<T, 0>(rows[i], rows[i + w / 2], lanes);
      next[2 * i + 1] = interleave<T, 1>(rows[i], rows[i + w / 2], lanes);
    }
#pragma GCC unroll 16
    for (int i = 0; i < w; ++i) rows[i] = next[i];
  }
}

// to [columns, rows] = from [rows, columns]^T. The steps go from row to row.
template <class T>
void transpose_into(T* to, int64_t to_step, const T* from, int64_t from_step, int64_t rows, int64_t columns) {
  constexpr int64_t w = Vec<T>::width;
  for (int64_t i = 0; i < rows; i += w) {
    for (int64_t j = 0; j < columns; j += w) {
      // The last block begins earlier and does some numbers once more.
      const int64_t i0 = std::min(i, rows - w), j0 = std::min(j, columns - w);
      if (i0 < 0 || j0 < 0) {
        for (int64_t r = i; r < std::min(i + w, rows); ++r)
          for (int64_t c = j; c < std::min(j + w, columns); ++c) to[c * to_step + r] = from[r * from_step + c];
        continue;
      }
      Vec<T> block[w];
#pragma GCC unroll 16
      for (int k = 0; k < w; ++k) block[k] = Vec<T>::load(from + (i0 + k) * from_step + j0);
      transpose_block(block);
#pragma GCC unroll 16
      for (int k = 0; k < w; ++k) block[k].store(to + (j0 + k) * to_step + i0);
    }
  }
}

}  // namespace heed::HEED_WIDTH
