// The loop under every elementwise operation: a function of a few numbers, applied all over some tensors.
//
// All operands are seen under one common shape; an operand that is broadcast along an axis has stride 0 there. For
// an output, stride 0 means that the values along the axis are summed. So one loop serves broadcasting forward,
// its gradient (summing) backward, and reductions that never store what they sum.
#pragma once

#include <array>
#include <span>

#include "autograd/simd.h"
#include "autograd/tensor.h"

namespace heed {

constexpr int kMaxOperands = 40;

// How the loop runs: outer axes, merged as far as the strides allow, and an inner axis of stride 1 or 0.
struct MapPlan {
  int rank = 0;
  int64_t inner = 1;
  int64_t sizes[kMaxRank];
  int64_t strides[kMaxOperands][kMaxRank];
  int64_t inner_step[kMaxOperands];
  bool empty = false;
};

// Plans a loop over `shape`. Where an operand's inner stride is neither 1 nor 0, returns its number, for the caller
// to put something denser in its place; -1 when all is well.
int make_plan(MapPlan& plan, const Shape& shape, std::span<const Shape* const> shapes,
              std::span<const Strides* const> strides);

enum class Write : uint8_t { store, add, skip };

namespace detail {

template <class V, size_t In>
using Inputs = std::array<V, In>;

// One row. Outputs with step 0 are summed into a register and added to their single number at the end.
template <class T, size_t In, size_t Out, class F>
void map_row(const F& f, const T* const (&in)[In], T* const (&out)[Out], const int64_t* in_step,
             const int64_t* out_step, const Write (&write)[Out], int64_t n) {
  using V = Vec<T>;
  T splat[In][V::width];
  const T* from[In];
  int64_t advance[In];
  for (size_t i = 0; i < In; ++i) {
    from[i] = in[i];
    advance[i] = in_step[i] ? V::width : 0;
    if (in_step[i] == 0) {
      V(*in[i]).store(splat[i]);
      from[i] = splat[i];
    }
  }
  V total[Out];
  for (V& t : total) t = V(T(0));
  T tail_total[Out] = {};
  std::array<V, In> x;
  std::array<V, Out> y;
  int64_t j = 0;
  for (; j + V::width <= n; j += V::width) {
    for (size_t i = 0; i < In; ++i) {
      x[i] = V::load(from[i]);
      from[i] += advance[i];
    }
    f(x, y);
    for (size_t o = 0; o < Out; ++o) {
      if (write[o] == Write::skip) continue;
      if (out_step[o] == 0) total[o] += y[o];
      else if (write[o] == Write::store) y[o].store(out[o] + j);
      else (V::load(out[o] + j) + y[o]).store(out[o] + j);
    }
  }
  if (const int rest = static_cast<int>(n - j); rest > 0) {
    for (size_t i = 0; i < In; ++i) x[i] = V::load(from[i], rest);
    f(x, y);
    for (size_t o = 0; o < Out; ++o) {
      if (write[o] == Write::skip) continue;
      if (out_step[o] == 0) tail_total[o] = y[o].sum(rest);
      else if (write[o] == Write::store) y[o].store(out[o] + j, rest);
      else (V::load(out[o] + j, rest) + y[o]).store(out[o] + j, rest);
    }
  }
  for (size_t o = 0; o < Out; ++o)
    if (out_step[o] == 0 && write[o] != Write::skip) {
      const T sum = total[o].sum() + tail_total[o];
      *out[o] = write[o] == Write::add ? *out[o] + sum : sum;
    }
}

}  // namespace detail

// Runs f(x, y) over all rows of the plan; operands are numbered inputs first, then outputs.
template <class T, size_t In, size_t Out, class F>
void run_map(const F& f, const MapPlan& plan, const T* const (&inputs)[In], T* const (&outputs)[Out],
             const Write (&write)[Out]) {
  if (plan.empty) return;
  const T* in[In];
  T* out[Out];
  std::copy(std::begin(inputs), std::end(inputs), in);
  std::copy(std::begin(outputs), std::end(outputs), out);
  int64_t index[kMaxRank] = {};
  for (;;) {
    detail::map_row<T, In, Out>(f, in, out, plan.inner_step, plan.inner_step + In, write, plan.inner);
    int axis = plan.rank - 1;
    for (; axis >= 0; --axis) {
      for (size_t i = 0; i < In; ++i) in[i] += plan.strides[i][axis];
      for (size_t o = 0; o < Out; ++o) out[o] += plan.strides[In + o][axis];
      if (++index[axis] < plan.sizes[axis]) break;
      for (size_t i = 0; i < In; ++i) in[i] -= plan.strides[i][axis] * plan.sizes[axis];
      for (size_t o = 0; o < Out; ++o) out[o] -= plan.strides[In + o][axis] * plan.sizes[axis];
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

}  // namespace heed
