// Scaled dot-product and multi-head attention (Vaswani et al. 2017, section 3.2).
//
//     c_u = sum_j alpha_uj v_j,   alpha_u = softmax_j(q_u^T k_j / sqrt(d))  Vaswani et al. (1)
//     y_u = W_o [c_u of head 0; c_u of head 1; ..] + b_o
//
// Head m has columns m d .. (m+1) d - 1 of q, k and v.
// Letters as in rows/attention_mask.h, and U queries of a batch of B; what is read are values v_j, not
// annotations. In the terms of attention.h: score scaled dot, window global, reading soft, but many queries
// at once, values apart from keys, and batches that are padded.
#pragma once

#include "autograd/base/rng.h"
#include "autograd/base/tensor.h"

namespace heed {

// i64 [B, positions]: 1 for the first lengths[b] positions, then 0.
Tensor length_mask(const std::vector<int64_t>& lengths, int64_t positions);

struct DotProductOptions {
  double scale = 0;     // of the scores; 0 stands for 1/sqrt(d)
  Tensor mask;          // i64, broadcasting to [.., U, S]: 1 where a query may look; undefined: everywhere
  bool causal = false;  // query u sees positions j <= u only
};
struct DotProductResult {
  Tensor y;      // [.., U, E]: the contexts, or what is made of them
  Tensor alpha;  // [.., U, S]
};
// q [.., U, d], k [.., S, d], v [.., S, E]. A query that may see nothing gives zeros.
DotProductResult scaled_dot_product(const Tensor& q, const Tensor& k, const Tensor& v,
                                    const DotProductOptions& options = {});

struct MultiHeadAttention {
  int64_t heads = 1;
  Tensor in_proj_weight;   // [3E, E], rows q, k, v
  Tensor in_proj_bias;     // [3E] or undefined
  Tensor out_proj_weight;  // [E, E]
  Tensor out_proj_bias;    // [E] or undefined

  MultiHeadAttention() = default;
  // Throws unless `heads` divides `size`. Xavier's start for the projections, zeros for the biases, as in
  // PyTorch.
  MultiHeadAttention(int64_t size, int64_t head_count, Rng& rng, bool bias = true);

  // query [B, U, E], key and value [B, S, E]; key_mask i64 [B, S] or undefined. y [B, U, E], alpha [B, heads,
  // U, S].
  DotProductResult operator()(const Tensor& query, const Tensor& key, const Tensor& value,
                              const Tensor& key_mask = {}, bool causal = false) const;
  void parts(auto& visit) {
    visit("in_proj_weight", in_proj_weight);
    visit("in_proj_bias", in_proj_bias);
    visit("out_proj_weight", out_proj_weight);
    visit("out_proj_bias", out_proj_bias);
  }
};

}  // namespace heed
