// Sentences of different lengths without padding.
//
// A batch [T, B, D] of sentences pads the short ones up to the longest. Packed holds the same numbers without
// the padding: the sentences are ordered by length, longest first, and the time steps stand one below the
// other. Step t has one row for each sentence that still goes on, active[t] of them:
//
//     lengths 2, 4, 1      order 1, 0, 2      active 3, 2, 1, 1
//
//     sentence 0   a b . .        rows:   e a i | f b | g | h
//     sentence 1   e f g h                t = 0 | t=1 | 2 | 3
//     sentence 2   i . . .
//
// So whatever is done to all words is done to rows [N, D], N = sum of the lengths, and a recurrent step goes
// on with the first active[t] rows of its state: nothing is ever computed for padding (recurrent.h). This is
// the layout of PyTorch's PackedSequence.
#pragma once

#include <cstdint>
#include <vector>

#include "autograd/base/tensor.h"

namespace heed {

struct Packed {
  Tensor rows;                  // [N, ..]
  std::vector<int64_t> active;  // rows of each step, never growing, never 0
  std::vector<int64_t> order;   // sentence of each place in the ordered batch, those of length 0 last: [B]

  int64_t steps() const { return static_cast<int64_t>(active.size()); }
  int64_t batch() const { return static_cast<int64_t>(order.size()); }
  std::vector<int64_t> lengths() const;                                          // of each sentence of the batch, [B]
  Packed with(Tensor other) const { return {std::move(other), active, order}; }  // other rows, same sentences
};

// x [T, B, ..], f32, f64 or i64, and the length of each sentence, 0 .. T. Gradients flow back to the valid
// steps, and are zero elsewhere. A full batch costs nothing: its rows are a view of x. Throws for a wrong
// number of lengths or a length outside 0 .. T.
Packed pack(const Tensor& x, const std::vector<int64_t>& lengths);
Packed pack(const Tensor& x);  // every sentence has length T

// Throws, in the name of an operation, unless `order` names each sentence once and no step has more of them than the step
// before; and unless there is a row for each word of each sentence.
void check_layout(const char* operation, const Packed& packed);
void check_rows(const char* operation, const Packed& packed);

// Back to [T, B, ..], in the sentences' own order, with zeros beyond each length. T is the
// longest length unless given.
Tensor unpack(const Packed& packed, int64_t steps = -1);

// Rows of x [B, ..] from the batch's own order into that of `packed`, and back. Where both are the same, x.
Tensor to_packed_order(const Packed& packed, const Tensor& x);
Tensor to_batch_order(const Packed& packed, const Tensor& x);

// The rows of all steps, one below the other, as a loop over time made them: [n_1 + n_2 + .., ..] from parts
// [n_t, ..]. Undefined for no steps.
Tensor join_steps(const std::vector<Tensor>& steps);

}  // namespace heed
