#include "nn/attention/multi_head.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "autograd/ops/matmul.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/init.h"

namespace heed {
namespace {

// Query u sees the positions 0 .. u.
Tensor causal_mask(int64_t queries, int64_t positions) {
  std::vector<int64_t> seen;
  for (int64_t u = 0; u < queries; ++u) seen.push_back(std::min(u + 1, positions));
  return length_mask(seen, positions);
}

// [B, U, heads d] -> [B, heads, U, d]
Tensor split_heads(const Tensor& x, int64_t heads) {
  return transpose(reshape(x, {x.size(0), x.size(1), heads, x.size(2) / heads}), 1, 2);
}
Tensor join_heads(const Tensor& x) {
  return reshape(transpose(x, 1, 2), {x.size(0), x.size(2), x.size(1) * x.size(3)});
}

}  // namespace

Tensor length_mask(const std::vector<int64_t>& lengths, int64_t positions) {
  Tensor mask = Tensor::zeros({static_cast<int64_t>(lengths.size()), positions}, DType::i64);
  int64_t* to = mask.mutable_data<int64_t>();
  for (size_t b = 0; b < lengths.size(); ++b) {
    if (lengths[b] < 0 || lengths[b] > positions)
      throw Error("length_mask: sentence {} has length {}, outside 0 .. {}", b, lengths[b], positions);
    std::fill_n(to + static_cast<int64_t>(b) * positions, lengths[b], 1);
  }
  return mask;
}

DotProductResult scaled_dot_product(const Tensor& q, const Tensor& k, const Tensor& v,
                                    const DotProductOptions& options) {
  const double scale = options.scale != 0 ? options.scale : 1 / std::sqrt(static_cast<double>(q.size(-1)));
  const Tensor scores = matmul(q * scale, transpose(k, -2, -1));
  Tensor mask = options.mask;
  if (options.causal) {
    const Tensor causal = causal_mask(scores.size(-2), scores.size(-1));
    mask = mask ? to(to(mask, DType::f32) * to(causal, DType::f32), DType::i64) : causal;
  }
  const Tensor alpha = mask ? masked_softmax(scores, mask, -1) : softmax(scores, -1);
  return {matmul(alpha, v), alpha};
}

MultiHeadAttention::MultiHeadAttention(int64_t size, int64_t head_count, Rng& rng, bool bias)
    : heads(head_count) {
  if (heads < 1 || size % heads != 0)
    throw Error("MultiHeadAttention: {} numbers do not divide into {} heads", size, heads);
  in_proj_weight = init::xavier_uniform({3 * size, size}, rng);
  out_proj_weight = init::xavier_uniform({size, size}, rng);
  if (!bias) return;
  in_proj_bias = Tensor::zeros({3 * size});
  out_proj_bias = Tensor::zeros({size});
}

DotProductResult MultiHeadAttention::operator()(const Tensor& query, const Tensor& key, const Tensor& value,
                                                const Tensor& key_mask, bool causal) const {
  const std::array<Tensor, 3> inputs{query, key, value};
  std::array<Tensor, 3> projected;
  const int64_t size = out_proj_weight.size(1);
  const bool self = query.is(key) && query.is(value);
  if (self) {  // one product for all three
    const std::vector<Tensor> pieces = chunk(linear(query, in_proj_weight, in_proj_bias), 3, -1);
    std::copy(pieces.begin(), pieces.end(), projected.begin());
  }
  for (size_t i = 0; i < 3; ++i) {
    const int64_t row = static_cast<int64_t>(i) * size;
    if (!self)
      projected[i] = linear(inputs[i], narrow(in_proj_weight, 0, row, size),
                            in_proj_bias ? narrow(in_proj_bias, 0, row, size) : Tensor{});
    projected[i] = split_heads(projected[i], heads);
  }
  DotProductOptions options;
  options.causal = causal;
  if (key_mask) options.mask = reshape(key_mask, {key_mask.size(0), 1, 1, key_mask.size(1)});
  const auto [y, alpha] = scaled_dot_product(projected[0], projected[1], projected[2], options);
  return {linear(join_heads(y), out_proj_weight, out_proj_bias), alpha};
}

}  // namespace heed
