// Additive attention in one pass (Bahdanau, Cho, Bengio 2014, A.1.2): score, softmax and context for a batch
// of queries.
//
//     e_j = v^T tanh(q + k_j)        alpha = softmax_j(e)        c = sum_j alpha_j h_j
//
// q is W_a s_{i-1} and k_j is U_a h_j, which does not depend on the query and is computed once for a
// sentence. The sums run only over the words that a sentence has: nothing is computed for padding, and the
// tensor of all tanh values (queries x words x A) is never stored; the backward pass computes it again.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "autograd/base/tensor.h"

namespace heed {

// Which rows of the annotations each query may look at. Queries of one sentence share its rows; the
// hypotheses of a beam all look at the same ones.
struct Sight {
  int64_t width = 0;             // S: the most rows that any query sees
  std::vector<int64_t> rows;     // [B, S] row numbers; what lies beyond the length is not read
  std::vector<int64_t> lengths;  // [B]

  int64_t queries() const { return static_cast<int64_t>(lengths.size()); }
};

// query [n, A], v [A], keys [N, A], annotations [N, C], n at most the number of queries in `sight`: the first
// n look. Gives context [n, C] and alpha [n, S] (0 beyond a sentence's length). A query without any rows gets
// zeros.
std::array<Tensor, 2> additive_attention(const Tensor& query, const Tensor& v, const Tensor& keys,
                                         const Tensor& annotations,
                                         const std::shared_ptr<const Sight>& sight);

// The same by single operations over [n, S, ..], the definition that the fused pass is held to.
std::array<Tensor, 2> additive_attention_plain(const Tensor& query, const Tensor& v, const Tensor& keys,
                                               const Tensor& annotations,
                                               const std::shared_ptr<const Sight>& sight);

}  // namespace heed
