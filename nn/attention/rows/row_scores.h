// Scores of packed annotations: of each query with the keys of the rows that it attends to.
//
//     additive    e_j = v^T tanh(q + k_j)
//     dot         e_j = q^T k_j
//
// A position that a query does not attend to gets the score 0 and passes no gradient back. (Not -inf: arithmetic on
// scores stays finite. The window gives such a position no weight.) The tensor of all tanh values, queries x
// positions x A, is never stored; the backward pass computes it again.
#pragma once

#include "nn/attention/rows/attention_mask.h"

namespace heed {

// query [n, A], v [A], keys [N, A] -> [n, W]. Throws if they do not fit, or for more queries than the mask has.
Tensor additive_scores(const Tensor& query, const Tensor& v, const Tensor& keys, const SharedMask& mask);
// query [n, K], keys [N, K] -> [n, W].
Tensor dot_scores(const Tensor& query, const Tensor& keys, const SharedMask& mask);

// The same in plain operations over [n, W, ..]: the definitions that the kernels are held to.
Tensor additive_scores_plain(const Tensor& query, const Tensor& v, const Tensor& keys, const SharedMask& mask);
Tensor dot_scores_plain(const Tensor& query, const Tensor& keys, const SharedMask& mask);

// [N, C] -> [n, W, C]: the rows that the first n queries attend to, some row where they attend to nothing.
Tensor attended_rows(const Tensor& x, const AttentionMask& mask, int64_t n);

}  // namespace heed
