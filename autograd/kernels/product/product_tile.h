// The innermost part of a matrix product: a tile of the result that stays in registers while the sums grow.
//
// The tile is kTall rows of two registers. Each step of the inner index k takes two registers of numbers from
// b, the panel, and one number for each row from a: that is 2 kTall multiplications for kTall + 2 loads.
#pragma once

#include "autograd/base/simd.h"

// Instructions beyond those of the file, for the tile alone.
#ifndef HEED_TILE_TARGET
#define HEED_TILE_TARGET
#endif

namespace heed::inline HEED_WIDTH {

// With the panel's two registers and a factor the tile fills the register file. A browser's compiler needs some itself:
// 5 rows run at 35 GFlop/s where 6 make 29 (one core of a Zen 4; SSE2 by g++: 38).
#ifdef __wasm__
constexpr int kTall = 5;
#else
constexpr int kTall = kVectorBytes == 64 ? 12 : 6;
#endif

template <class T>
constexpr int64_t kWide = 2 * Vec<T>::width;

// A [rows, depth] piece of a and a panel [depth, kWide] of b, as the tile sees them. The steps count numbers.
template <class T>
struct Tile {
  int64_t depth;
  const T* a;
  int64_t a_step, a_next;  // from row to row, from k to k + 1
  const T* panel;
  int64_t panel_step;  // from k to k + 1
  T* c;
  int64_t c_step;            // from row to row
  int64_t width;             // columns of the panel that exist in c
  bool add;                  // to what c holds
  const T* ahead = nullptr;  // to be fetched from memory meanwhile
  int64_t ahead_step = 0;
};

// What a tile does with a factor of a and a register of b. Another (pairs.h) may see two numbers where this sees one.
template <class T>
struct Single {
  using Number = typename Vec<T>::Number;
  HEED_INLINE static Number factor(const T* at) { return *at - Number{}; }
  HEED_INLINE static Number add(Number sum, Number factor, Number b) { return sum + factor * b; }
};

template <class T>
HEED_INLINE void store_row(const Tile<T>& t, T* to, typename Vec<T>::Number left, typename Vec<T>::Number right) {
  constexpr int w = Vec<T>::width;
  if (t.width == 2 * w) {
    if (t.add) {
      left += Vec<T>::load(to).lanes;
      right += Vec<T>::load(to + w).lanes;
    }
    Vec<T>(left).store(to);
    Vec<T>(right).store(to + w);
    return;
  }
  for (int j = 0; j < t.width; ++j) {
    const T sum = j < w ? left[j] : right[j - w];
    to[j] = t.add ? to[j] + sum : sum;
  }
}

// Rows * 2 registers of sums; each step of k adds the product of a column of a with a row of the panel.
// Packed: a's rows and the panel lie without gaps, a_next is 1 and panel_step kWide, which leaves registers
// for the addresses. Fetch: what is ahead comes into the second-level cache. Static, so that all heights are
// inlined into the one loop of a file that calls them: calls cost beam12 (bench) 8 % of its time.
template <bool Packed, bool Fetch, class Each, class T, int Rows>
HEED_TILE_TARGET static void multiply_tile(const Tile<T>& t) {
  using Number = typename Vec<T>::Number;
  constexpr int w = Vec<T>::width;
  Number left[Rows], right[Rows];
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i) left[i] = right[i] = Number{};
  const int64_t a_next = Packed ? 1 : t.a_next, panel_step = Packed ? kWide<T> : t.panel_step;
  for (int64_t k = 0; k < t.depth; ++k) {
    const T* panel = t.panel + k * panel_step;
    if constexpr (Fetch) __builtin_prefetch(t.ahead + k * t.ahead_step, 0, 2);
    const Number b0 = Vec<T>::load(panel).lanes, b1 = Vec<T>::load(panel + w).lanes;
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i) {
      const Number factor = Each::factor(t.a + i * t.a_step + k * a_next);
      left[i] = Each::add(left[i], factor, b0);
      right[i] = Each::add(right[i], factor, b1);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i) store_row(t, t.c + i * t.c_step, left[i], right[i]);
}

template <bool Packed, bool Fetch, class Each, int Rows = kTall, class T>
static void multiply_rows(int64_t rows, const Tile<T>& tile) {
  if constexpr (Rows > 0) {
    if (rows == Rows) return multiply_tile<Packed, Fetch, Each, T, Rows>(tile);
    multiply_rows<Packed, Fetch, Each, Rows - 1>(rows, tile);
  }
}

// Tiles below each other, of even height, for a last one of a row or two is slow. If the panels are packed,
// the next one lies behind this: each tile fetches its share of it, or else the first tile of every panel
// would wait for memory. A single tile reads as fast as memory gives, and fetching only slows it down.
template <bool Packed, class Each, class T>
static void multiply_panel(int64_t rows, const Tile<T>& panel) {
  const int64_t blocks = (rows + kTall - 1) / kTall;
  Tile<T> tile = panel;
  tile.ahead_step = kWide<T> / blocks;
  for (int64_t block = 0; block < blocks; ++block) {
    const int64_t first = block * rows / blocks, next = (block + 1) * rows / blocks;
    tile.a = panel.a + first * panel.a_step;
    tile.c = panel.c + first * panel.c_step;
    tile.ahead = panel.panel + panel.depth * (kWide<T> + block * tile.ahead_step);
    if (Packed && blocks > 1) multiply_rows<Packed, Packed, Each>(next - first, tile);
    else multiply_rows<Packed, false, Each>(next - first, tile);
  }
}

}  // namespace heed::HEED_WIDTH
