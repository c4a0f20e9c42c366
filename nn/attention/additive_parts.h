// Additive attention in two halves, for hard attention, where a place is drawn between them.
//
//     e_j = v^T tanh(q + k_j)                    additive_scores
//     c   = sum_j w_j h_j                        weighted_rows, with any weights
//
// With w = softmax(e) they make additive_attention(), which does both in one pass.
#pragma once

#include <memory>

#include "nn/attention/additive_attention.h"

namespace heed {

// query [n, A], v [A], keys [N, A]: scores [n, S] of the rows that each query sees, -inf beyond their number.
Tensor additive_scores(const Tensor& query, const Tensor& v, const Tensor& keys,
                       const std::shared_ptr<const Sight>& sight);
Tensor additive_scores_plain(const Tensor& query, const Tensor& v, const Tensor& keys,
                             const std::shared_ptr<const Sight>& sight);

// weights [n, S], annotations [N, C] -> [n, C]. Weights beyond the number of rows that are seen are not read.
// A weight of 0 costs nothing, so one-hot weights read a single row.
Tensor weighted_rows(const Tensor& weights, const Tensor& annotations,
                     const std::shared_ptr<const Sight>& sight);
Tensor weighted_rows_plain(const Tensor& weights, const Tensor& annotations,
                           const std::shared_ptr<const Sight>& sight);

}  // namespace heed
