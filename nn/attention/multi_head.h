// Scaled dot-product and multi-head attention (Vaswani et al. 2017, section 3.2).
//
//     Attention(Q, K, V) = softmax(Q K^T / sqrt(d)) V                                       eq. (1)
//     MultiHead = [head_1; ..; head_h] W_o^T + b_o,   head_n = Attention of columns n d .. (n+1) d - 1
//
// In the terms of attention.h: score scaled dot, window global, reading soft, but many queries at once, values apart
// from keys, and batches that are padded.
#pragma once

#include "autograd/base/rng.h"
#include "autograd/base/tensor.h"

namespace heed {

// i64 [B, positions]: 1 for the first lengths[b] positions, then 0.
Tensor length_mask(const std::vector<int64_t>& lengths, int64_t positions);

struct DotProductOptions {
  double scale = 0;     // of the scores; 0 stands for 1/sqrt(d)
  Tensor mask;          // i64, broadcasting to [.., U, T]: 1 where a query may look; undefined: everywhere
  bool causal = false;  // query u sees positions t <= u only
};
struct DotProductResult {
  Tensor y;      // [.., U, E]
  Tensor alpha;  // [.., U, T]
};
// q [.., U, d], k [.., T, d], v [.., T, E]. A query that may see nothing gives zeros.
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

  // query [B, U, E], key and value [B, T, E]; key_mask i64 [B, T] or undefined. y [B, U, E], alpha [B, heads,
  // U, T].
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
