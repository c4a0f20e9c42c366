// Which annotations each query may attend to.
//
// The annotations of all sentences of a batch stand one below the other, [N, C], with nothing for padding.
// Query b attends to the positions 0 .. lengths[b] - 1 of its sentence, and position j is row rows[b][j].
// Queries about one sentence have its rows in common: the hypotheses of a beam, the captions of one picture.
//
// A window leaves a part of this (within): W columns for each query, of which column j is position first[b] + j. What
// is computed for columns costs nothing for the other positions. Without a window columns are positions, and W = S.
//
// Letters in nn/attention: a query q, the annotations h_j that it attends to, j = 0 .. S - 1, their keys k_j
// (what a score makes of h_j in advance), the scores e_j, the alignment alpha_j, the context c. Sizes: B
// queries of the batch, n the first of them that go on, S positions, W of them that compete, N annotations, C of
// an annotation, Q of a query, K of a key. In the papers:
//
//     q      s_{i-1} of Bahdanau et al., h_t of Luong et al., h_{t-1} of Xu et al.
//     h_j    h_j of Bahdanau et al., hbar_s of Luong et al., a_i of Xu et al. (L of them: our S)
//     c      c_i of Bahdanau et al., c_t of Luong et al., z_t of Xu et al. before its gate
#pragma once

#include <memory>
#include <vector>

#include "nn/recurrent/packed.h"

namespace heed {

struct AttentionMask {
  int64_t width = 0;             // W: the most positions that any query attends to; S, unless this is a part
  std::vector<int64_t> rows;     // [B, W] row numbers; what lies beyond a query's length is not read
  std::vector<int64_t> lengths;  // [B]
  int64_t annotations = 0;       // N: the rows are numbered below it
  std::vector<int64_t> first{};  // [B] of a part of sentences (within): the position of column 0; empty: all of them

  int64_t queries() const { return static_cast<int64_t>(lengths.size()); }
  int64_t row(int64_t query, int64_t column) const { return rows[static_cast<size_t>(query * width + column)]; }
};
using SharedMask = std::shared_ptr<const AttentionMask>;

// Query b attends to sentence[b] of packed annotations, numbered as they were in the batch.
SharedMask attend_to(const Packed& annotations, const std::vector<int64_t>& sentence);
SharedMask attend_to(const Packed& annotations);  // query b to sentence b
// Query b attends to block[b] of annotations that stand in blocks of `positions` rows: pictures of one size.
SharedMask attend_to_blocks(int64_t positions, const std::vector<int64_t>& block);
// Of what the first n queries attend to, the positions from[b] .. to[b], as far as there are such: a mask of at most
// `width` columns, whose column j is position first[b] + j.
SharedMask within(const AttentionMask& mask, const std::vector<int64_t>& from, const std::vector<int64_t>& to,
                  int64_t width);
// Weights or the like [n, W] by the columns of a part, as [n, S] by the positions of the whole; zeros elsewhere.
Tensor by_position(const Tensor& columns, const AttentionMask& part, const AttentionMask& whole);

// Queries of `mask`, in this order; they may be dropped and repeated.
SharedMask select_queries(const AttentionMask& mask, const std::vector<int64_t>& queries);
// The queries of all steps, one step below the other as packed words stand (packed.h): step t has the first active[t]
// of the mask's queries.
SharedMask at_all_steps(const AttentionMask& mask, const std::vector<int64_t>& active);

// Throws, in the name of an operation, unless the mask is for n queries or more.
void check_queries(const char* operation, const AttentionMask& mask, int64_t n);
// The same, and unless there is a mask, and `keys` has all its rows.
void check_mask(const char* operation, const SharedMask& mask, int64_t n, const Tensor& keys);

// i64 [n, W]: 1 where one of the first n queries attends to the position of a column, else 0.
Tensor mask_tensor(const AttentionMask& mask, int64_t n);

// Calls use(query, column, row) for all that the first n queries attend to.
template <class Use>
void each_row(const AttentionMask& mask, int64_t n, Use use) {
  for (int64_t b = 0; b < n; ++b)
    for (int64_t j = 0; j < mask.lengths[static_cast<size_t>(b)]; ++j) use(b, j, mask.row(b, j));
}

}  // namespace heed
