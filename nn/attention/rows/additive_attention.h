// Additive attention in one pass (Bahdanau, Cho, Bengio 2014, A.1.2): score, softmax and context
// of a batch of queries.
//
//     e_j = v^T tanh(q + k_j)        alpha = softmax_j(e)        c = sum_j alpha_j h_j
//
// q is W_a s_{i-1} and k_j is U_a h_j, which does not depend on the query and is computed once for a sentence.
#pragma once

#include <array>

#include "nn/attention/rows/attention_mask.h"

namespace heed {

// query [n, A], v [A], keys [N, A], annotations [N, C]: the context [n, C] and alpha [n, S], 0 beyond a query's
// positions. A query without any gets zeros.
std::array<Tensor, 2> additive_attention(const Tensor& query, const Tensor& v, const Tensor& keys,
                                         const Tensor& annotations, const SharedMask& mask);

// The same step by step, the definition that the fused pass is held to.
std::array<Tensor, 2> additive_attention_plain(const Tensor& query, const Tensor& v, const Tensor& keys,
                                               const Tensor& annotations, const SharedMask& mask);

}  // namespace heed
