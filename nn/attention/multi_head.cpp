#include "nn/attention/multi_head.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "autograd/kernels/finite.h"
#include "autograd/ops/masks/logical.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"
#include "nn/layers/init.h"

namespace heed {
namespace {

// Query u sees the positions 0 .. u.
Tensor causal_mask(int64_t queries, int64_t positions) {
  std::vector<int64_t> seen;
  for (int64_t u = 0; u < queries; ++u) seen.push_back(std::min(u + 1, positions));
  return length_mask(seen, positions);
}

// q k^T [.., U, S] where the mask lets a query look, 0 elsewhere, whatever stands there.
Tensor seen_scores(const Tensor& q, const Tensor& k, const Tensor& mask) {
  const auto product = [](auto seen, auto a, auto b) { return where(seen == 0.0, 0.0, a * b); };
  return zip_sum("seen scores", product, unsqueeze(to(mask, q.dtype()), -1), unsqueeze(q, -2), unsqueeze(k, -3));
}
// alpha v [.., U, d], of the values that have a weight.
Tensor seen_values(const Tensor& alpha, const Tensor& v) {
  const auto product = [](auto a, auto b) { return weigh(a, b); };
  return zip_sum("seen values", product, unsqueeze(alpha, -2), unsqueeze(transpose(v, -2, -1), -3));
}
// x [B, S, E] with zeros at the positions that the mask [B, S] hides, if these are not finite.
Tensor without_hidden(const Tensor& x, const Tensor& mask) {
  if (all_finite(x)) return x;
  return where(unsqueeze(mask, -1), x, Tensor::zeros({}, x.dtype()));
}

void check_sizes(const MultiHeadAttention& layer, const Tensor& query, const Tensor& key, const Tensor& value) {
  if (query.rank() != 3 || key.rank() != 3 || value.rank() != 3)
    throw Error("MultiHeadAttention: wants queries [B, U, E], keys and values [B, S, E], got {}, {} and {}",
                describe(query), describe(key), describe(value));
  const int64_t size = layer.out_proj_weight.rank() == 2 ? layer.out_proj_weight.size(1) : 0;
  if (!(layer.in_proj_weight.shape() == Shape{3 * size, size}))
    throw Error("MultiHeadAttention: its weights {} and {} should be [3 E, E] and [E, E]",
                describe(layer.in_proj_weight), describe(layer.out_proj_weight));
  if (layer.in_proj_bias && !(layer.in_proj_bias.shape() == Shape{3 * size}))
    throw Error("MultiHeadAttention: its bias {} should be [{}]", describe(layer.in_proj_bias), 3 * size);
  if (layer.heads < 1 || size % layer.heads != 0)
    throw Error("MultiHeadAttention: {} heads of {} units; their number must divide that", layer.heads, size);
  for (const Tensor& x : {query, key, value})
    if (x.size(0) != query.size(0) || key.size(1) != value.size(1) || x.size(2) != size ||
        x.dtype() != layer.out_proj_weight.dtype())
      throw Error("MultiHeadAttention: queries {}, keys {} and values {} do not fit together, or not the weights {}",
                  describe(query), describe(key), describe(value), describe(layer.out_proj_weight));
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
  check_defined("scaled_dot_product", q, k, v);
  if (q.rank() < 2 || k.rank() < 2 || v.rank() < 2 || q.size(-1) != k.size(-1) || k.size(-2) != v.size(-2))
    throw Error("scaled_dot_product: the queries {}, keys {} and values {} do not fit", describe(q), describe(k),
                describe(v));
  if (options.mask && options.mask.dtype() != DType::i64)
    throw Error("scaled_dot_product: the mask must be an i64 tensor of zeros and ones, got {}",
                describe(options.mask));
  const double scale = options.scale != 0 ? options.scale : 1 / std::sqrt(static_cast<double>(q.size(-1)));
  return composed("scaled_dot_product", [&]() -> DotProductResult {
    Tensor mask = options.mask;
    if (options.causal) {
      const Tensor causal = causal_mask(q.size(-2), k.size(-2));
      mask = mask ? logical_and(mask, causal) : causal;
    }
    // A product would make NaN of 0 times what a mask hides, if that is not finite.
    const bool look_away = mask && !(all_finite(k) && all_finite(v));
    const Tensor scores = look_away ? seen_scores(q * scale, k, mask) : matmul(q * scale, transpose(k, -2, -1));
    const Tensor alpha = mask ? masked_softmax(scores, mask, -1) : softmax(scores, -1);
    return {look_away ? seen_values(alpha, v) : matmul(alpha, v), alpha};
  });
}

MultiHeadAttention::MultiHeadAttention(int64_t size, int64_t head_count, Rng& rng, bool bias) : heads(head_count) {
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
  check_defined("MultiHeadAttention", query, key, value, in_proj_weight, out_proj_weight);
  check_sizes(*this, query, key, value);
  if (key_mask && !(key_mask.shape() == Shape{key.size(0), key.size(1)}))
    throw Error("MultiHeadAttention: the mask {} should be i64 [{}, {}] for the keys {}", describe(key_mask),
                key.size(0), key.size(1), describe(key));
  const int64_t size = query.size(2);
  const std::array<Tensor, 3> inputs{query, key_mask ? without_hidden(key, key_mask) : key,
                                     key_mask ? without_hidden(value, key_mask) : value};
  std::array<Tensor, 3> projected;
  const bool self = query.is(inputs[1]) && query.is(inputs[2]);
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
