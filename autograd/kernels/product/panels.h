// The right-hand matrix of a product in the order in which a tile reads it (product_tile.h): cut into panels two
// registers wide, each row by row. Zeros fill the last panel up.
#pragma once

#include <algorithm>

#include "autograd/kernels/product/product_tile.h"
#include "autograd/kernels/transpose_block.h"

namespace heed::inline HEED_WIDTH {

// So many rows of a panel stay in the second-level cache while the tiles below each other read them.
constexpr int64_t kDeep = 512;

// The columns of as many full panels as hold `columns`.
template <class T>
constexpr int64_t in_panels(int64_t columns) {
  return (columns + kWide<T> - 1) / kWide<T> * kWide<T>;
}

// One panel: `depth` rows and `width` columns of a matrix whose steps count numbers.
template <class T>
void fill_panel(T* to, const T* from, int64_t row_step, int64_t column_step, int64_t depth, int64_t width) {
  if (width < kWide<T>) std::fill(to, to + depth * kWide<T>, T(0));
  if (row_step == 1) {  // the panel's columns are contiguous
    transpose_into(to, kWide<T>, from, column_step, width, depth);
  } else if (column_step == 1) {
    for (int64_t k = 0; k < depth; ++k) std::copy_n(from + k * row_step, width, to + k * kWide<T>);
  } else {
    for (int64_t k = 0; k < depth; ++k)
      for (int64_t j = 0; j < width; ++j) to[k * kWide<T> + j] = from[k * row_step + j * column_step];
  }
}

// `depth` rows, at most kDeep, of all columns: panel after panel.
template <class T>
void fill_panels(T* to, const T* from, int64_t row_step, int64_t column_step, int64_t depth, int64_t columns) {
  for (int64_t j = 0; j < columns; j += kWide<T>, to += depth * kWide<T>)
    fill_panel(to, from + j * column_step, row_step, column_step, depth, std::min(columns - j, kWide<T>));
}

// c [rows, columns] = a [rows, depth] times such panels; or that is added to c. The last steps of a and c are 1.
template <class Each, class T>
void multiply_panels(T* c, int64_t c_step, const T* a, int64_t a_step, const T* panels, int64_t rows, int64_t depth,
                     int64_t columns, bool add) {
  Tile<T> tile{};
  tile.depth = depth;
  tile.a = a;
  tile.a_step = a_step;
  tile.a_next = 1;
  tile.panel = panels;
  tile.panel_step = kWide<T>;
  tile.c_step = c_step;
  tile.add = add;
  for (int64_t j = 0; j < columns; j += kWide<T>, tile.panel += depth * kWide<T>) {
    tile.width = std::min(columns - j, kWide<T>);
    tile.c = c + j;
    multiply_panel<true, Each>(rows, tile);
  }
}

}  // namespace heed::HEED_WIDTH
