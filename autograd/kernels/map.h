// The loop under every elementwise operation: a function of a few numbers, applied all over some tensors.
//
// All operands are seen under one common shape; an operand that is broadcast along an axis has stride 0
// there. For an output, stride 0 means that the values along the axis are summed. So one loop serves
// broadcasting forward, its gradient (summing) backward, and reductions that never store what they sum. However long
// a sum is, it loses no digits: from some length on its parts are added in double (map.cpp).
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "autograd/base/simd.h"
#include "autograd/base/tensor.h"

namespace heed {

constexpr int kMaxOperands = 40;
enum class Write : uint8_t { store, add, skip };

// One row of an operation: n elements of each operand, inputs first, then outputs; steps[k] is 1 or 0.
// `kernel` is the function object that is applied. This, and only this, is compiled anew for every operation.
using RowFunction = void (*)(const void* kernel, char* const* operands, const int64_t* steps, const Write* write,
                             int64_t n);
struct Rows {
  RowFunction f32, f64;
  int64_t piece;  // so many numbers are summed in f32, 64 in each lane of a register, before digits would be lost
};

// Runs the row function all over `shape`. An output that lacks an axis, or has length 1 there, is summed
// along it; it must be dense along its last axis (runs_inward); one that is skipped may be null. An input
// that is not is read from a copy. Tensors are handed down as pointers: counting references would cost a
// small operation more than its arithmetic.
void run_rows(const Rows& rows, const void* kernel, const Shape& shape, std::span<const Tensor* const> in,
              std::span<Tensor* const> out, std::span<const Write> write);

inline namespace HEED_WIDTH {

template <class T>
HEED_INLINE const T* on_stage(T* stage, Vec<T> x) {
  x.store(stage);
  return stage;
}

// Where a row's inputs are read from, and how far that moves on for each register.
template <class T, size_t In>
HEED_INLINE void start_inputs(char* const* operands, const int64_t* step, const T* (&from)[In],
                              int64_t (&advance)[In], T (&stage)[In][Vec<T>::width]) {
  for (size_t i = 0; i < In; ++i) {
    from[i] = reinterpret_cast<const T*>(operands[i]);
    advance[i] = step[i] ? Vec<T>::width : 0;
    if (step[i] == 0) from[i] = on_stage(stage[i], Vec<T>(*from[i]));
  }
}

// One row. Outputs with step 0 are summed into a register and added to their single number at the end. An
// input with step 0 and the last, shorter piece of the others are read from a stage of full width, so that f
// is compiled into the loop just once. How an output is stored stands in the loop itself: in a function of its
// own, though inlined, it cost the gru of gru_seq (bench) 7 % of its backward pass.
template <class T, size_t In, size_t Out, class Kernel>
void map_row(const void* kernel, char* const* operands, const int64_t* in_step, const Write* write, int64_t n) {
  using V = Vec<T>;
  const Kernel f = *static_cast<const Kernel*>(kernel);  // a copy: stores to the outputs cannot change it
  constexpr int64_t width = V::width;
  T stage[In][V::width];
  const T* from[In];
  int64_t advance[In];
  start_inputs<T>(operands, in_step, from, advance, stage);
  T* out[Out];
  for (size_t o = 0; o < Out; ++o) out[o] = reinterpret_cast<T*>(operands[In + o]);
  const int64_t* out_step = in_step + In;
  V total[Out];
  for (V& t : total) t = V(T(0));
  std::array<V, In> x;
  std::array<V, Out> y;
  for (int64_t j = 0; j < n; j += width) {
    const int count = static_cast<int>(std::min(width, n - j));
    if (count < width) [[unlikely]]
      for (size_t i = 0; i < In; ++i)
        if (in_step[i]) from[i] = on_stage(stage[i], V::load(from[i], count));
    for (size_t i = 0; i < In; ++i) {
      x[i] = V::load(from[i]);
      from[i] += advance[i];
    }
    f(x, y);
    for (size_t o = 0; o < Out; ++o) {
      if (write[o] == Write::skip) continue;
      if (out_step[o] == 0) total[o] += y[o].first(count);
      else if (count < width) [[unlikely]]
        (write[o] == Write::store ? y[o] : V::load(out[o] + j, count) + y[o]).store(out[o] + j, count);
      else if (write[o] == Write::store) y[o].store(out[o] + j);
      else (V::load(out[o] + j) + y[o]).store(out[o] + j);
    }
  }
  for (size_t o = 0; o < Out; ++o)
    if (out_step[o] == 0 && write[o] != Write::skip)
      *out[o] = write[o] == Write::add ? *out[o] + total[o].sum() : total[o].sum();
}

template <class Kernel, size_t In, size_t Out>
constexpr Rows rows_of{&map_row<float, In, Out, Kernel>, &map_row<double, In, Out, Kernel>, 64 * Vec<float>::width};

}  // namespace HEED_WIDTH

}  // namespace heed
