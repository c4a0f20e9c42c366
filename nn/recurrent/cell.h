// What all recurrent cells have in common.
//
// A recurrent cell reads a sequence x_1, x_2, .. and keeps a state:  state_t = cell(x_t, state_{t-1}).
// Its inputs are known for all steps at once, its states only one after the other. So each cell does its work
// in two parts:
//
//     Tensor project(const Tensor& x) const;                         // W_ih x + b, for any number of rows
//     State step(const Tensor& projected, const State& state) const; // what needs the state
//
// A sequence is then projected in one large matrix product, and a step only pays for the recurrent one
// (recurrent.h). The parameters have PyTorch's layouts: the gates' matrices stand one above the other.
#pragma once

#include <cmath>
#include <vector>

#include "autograd/base/rng.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"

namespace heed {

// The state of a recurrent cell, one row per sequence.
struct State {
  Tensor h;  // [B, H], also the cell's output
  Tensor c;  // [B, H], the memory of an LSTM; undefined for the others
};

inline State narrow_rows(const State& state, int64_t start, int64_t count) {
  return {narrow(state.h, 0, start, count), state.c ? narrow(state.c, 0, start, count) : Tensor{}};
}

// Rows of several states, one below the other.
inline State concat_rows(const std::vector<State>& parts) {
  if (parts.size() == 1) return parts[0];
  std::vector<Tensor> h, c;
  for (const State& part : parts) {
    h.push_back(part.h);
    if (part.c) c.push_back(part.c);
  }
  return {concat(h, 0), c.empty() ? Tensor{} : concat(c, 0)};
}

// The state as a constant: gradients stop here.
inline State detach(const State& state) { return {detach(state.h), state.c ? detach(state.c) : Tensor{}}; }

// PyTorch's start for everything in a recurrent cell: uniform in [-1/sqrt(H), 1/sqrt(H)).
inline Tensor recurrent_init(const Shape& shape, int64_t hidden, Rng& rng) {
  const double bound = hidden > 0 ? 1 / std::sqrt(static_cast<double>(hidden)) : 0;
  return rng.uniform(shape, -bound, bound);
}

}  // namespace heed
