// What all recurrent cells have in common.
//
// A recurrent cell reads a sequence x_1, x_2, .. and keeps a state:  state_t = cell(x_t, state_{t-1}).
// Its inputs are known for all steps at once, its states only one after the other. So a cell has two parts:
//
//     Tensor project(const Tensor& x) const;                         // W_ih x + b, for any number of rows
//     State step(const Tensor& projected, const State& state) const; // what needs the state
//     int64_t hidden_size() const;                                   // H
//     void parts(auto& visit);
//
// A sequence is then projected in one large matrix product, and a step only pays for the recurrent one. Any struct
// with these is a cell: Recurrent (recurrent.h) runs it over sequences. A cell that can be chosen by name (cells.h)
// is made by  Cell(int64_t input, int64_t hidden, Rng&, bool bias). The parameters of heed's have PyTorch's layouts:
// the gates' matrices stand one above the other.
#pragma once

#include <vector>

#include "autograd/base/rng.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "nn/layers/init.h"
#include "nn/recurrent/packed.h"

namespace heed {

// The state of a recurrent cell, one row per sequence.
struct State {
  Tensor h;  // [B, H], also the cell's output
  Tensor c;  // [B, H], the memory of an LSTM; undefined for the others
};

// Throws, naming the cell, unless the state has an h, and a c exactly where the cell has a memory.
inline void check_state(const char* cell, const State& state, bool has_memory) {
  if (!state.h) throw Error("{}: its state has no h", cell);
  if (has_memory && !state.c) throw Error("{}: its state has an h but no c, the memory that it keeps", cell);
  if (!has_memory && state.c)
    throw Error("{}: was given a state with a c {}, but keeps no memory", cell, describe(state.c));
  if (has_memory && (!(state.c.shape() == state.h.shape()) || state.c.dtype() != state.h.dtype()))
    throw Error("{}: its state has an h {} and a c {}, which must have one shape and type", cell, describe(state.h),
                describe(state.c));
}

// The same of one step: every sentence has a row of the input, H numbers for each of the `gates`, and one of the state.
inline void check_step(const char* cell, const Tensor& projected, const State& state, int64_t gates,
                       bool has_memory) {
  check_defined(cell, projected);
  check_state(cell, state, has_memory);
  if (projected.rank() != 2 || state.h.rank() != 2 || projected.size(0) != state.h.size(0))
    throw Error(
        "{}: the input {} and the state {} must have a row for each sentence, as many of the one as of the other",
        cell, describe(projected), describe(state.h));
  if (projected.size(1) != gates * state.h.size(1) || projected.dtype() != state.h.dtype())
    throw Error("{}: the projected input {} is not of {} times the size of the state {}, or not of its type", cell,
                describe(projected), gates, describe(state.h));
}

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
  return {join_steps(h), join_steps(c)};
}

// The state as a constant: gradients stop here.
inline State detach(const State& state) { return {detach(state.h), state.c ? detach(state.c) : Tensor{}}; }

// Whether a cell's state has a memory c, as an LSTM's has: a cell that has one says so by `has_memory`.
template <class Cell>
bool has_memory(const Cell& cell) {
  if constexpr (requires { cell.has_memory; }) return cell.has_memory;
  else return false;
}

}  // namespace heed
