// A factor of a product as it lies in memory, and what is done to it before it is multiplied.
#pragma once

#include "autograd/base/tensor.h"
#include "autograd/kernels/transpose_block.h"

namespace heed::inline HEED_WIDTH {

// So many rows of the left-hand matrix stay in the second-level cache while panel after panel is multiplied with them.
constexpr int64_t kHigh = 192;

// op(x); the steps count numbers.
template <class T>
struct Operand {
  const T* numbers;
  int64_t row_step, column_step;

  Operand(const Tensor& x, bool transpose)
      : numbers(x.data<T>()), row_step(x.strides()[transpose ? 1 : 0]), column_step(x.strides()[transpose ? 0 : 1]) {}
  Operand from(int64_t row, int64_t column) const {
    Operand part = *this;
    part.numbers += row * row_step + column * column_step;
    return part;
  }
};

template <class T>
T* room_for(Tensor& room, int64_t numbers) {
  room = Tensor::empty({numbers}, sizeof(T) == 4 ? DType::f32 : DType::f64);
  return room.mutable_data<T>();
}

template <class T>
void scale(T* c, int64_t c_step, int64_t m, int64_t n, T beta) {
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j) c[i * c_step + j] = beta == 0 ? 0 : beta * c[i * c_step + j];
}

// A block of alpha a, row by row without gaps.
template <class T>
void copy_rows(T* to, const Operand<T>& a, int64_t rows, int64_t depth, T alpha) {
  if (a.row_step == 1) transpose_into(to, depth, a.numbers, a.column_step, depth, rows);
  else
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t k = 0; k < depth; ++k) to[i * depth + k] = a.numbers[i * a.row_step + k * a.column_step];
  if (alpha != 1) scale(to, depth, rows, depth, alpha);
}

}  // namespace heed::HEED_WIDTH
