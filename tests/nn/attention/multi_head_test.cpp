// Scaled dot-product and multi-head attention.
#include "nn/attention/multi_head.h"

#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/attention.h"
#include "tests/catch.hpp"
#include "tests/nn/checks.h"

namespace heed {
using namespace test;
TEST_CASE("one head is the scaled dot score with a global window", "[multi_head]") {
  Rng rng(32);
  const Tensor q = random({2, 3, 4}, rng), k = random({2, 5, 4}, rng), mask = length_mask({5, 2}, 5);
  const Attention attention{ScaledDotScore{}, GlobalWindow{}};
  AttentionMask rows{5, {}, {5, 5, 5, 2, 2, 2}};  // three queries for each of two sentences
  for (int64_t query = 0; query < 6; ++query)
    for (int64_t j = 0; j < 5; ++j) rows.rows.push_back(query / 3 * 5 + j);
  const auto shared = std::make_shared<const AttentionMask>(rows);
  const Attended expected = attention(reshape(q, {6, 4}), attention.remember(reshape(k, {10, 4}), shared));
  DotProductOptions options;
  options.mask = unsqueeze(mask, 1);
  const auto [y, alpha] = scaled_dot_product(q, k, k, options);
  CHECK(largest_difference(y, reshape(expected.context, {2, 3, 4})) <= 1e-14);
  CHECK(largest_difference(alpha, reshape(expected.alpha, {2, 3, 5})) <= 1e-14);
}

TEST_CASE("a causal query sees nothing that comes later", "[multi_head]") {
  Rng rng(33);
  const MultiHeadAttention layer(4, 2, rng);
  const Tensor x = rng.uniform({1, 5, 4}, -1, 1), early = narrow(x, 1, 0, 3);
  const Tensor changed = concat({early, rng.uniform({1, 2, 4}, -9, 9)}, 1);
  const Tensor y = layer(x, x, x, {}, true).y, z = layer(changed, changed, changed, {}, true).y;
  CHECK(largest_difference(narrow(y, 1, 0, 3), narrow(z, 1, 0, 3)) == 0);
  CHECK(largest_difference(y, z) > 0.01);
}

TEST_CASE("padded keys change nothing, and get no gradient", "[multi_head]") {
  Rng rng(34);
  MultiHeadAttention layer(4, 2, rng);
  convert(layer, DType::f64);
  const Tensor q = random({2, 3, 4}, rng), k = random({2, 4, 4}, rng);
  const Tensor padded = concat({k, random({2, 2, 4}, rng) * 100}, 1);
  const std::vector<int64_t> lengths{4, 0};
  const auto run = [&](const Tensor& keys) {
    Tape tape;
    const Tensor y = layer(q, keys, keys, length_mask(lengths, keys.size(1))).y;
    const Gradients g =
        tape.gradients(sum(sin(y)), std::vector<Tensor>{layer.in_proj_weight, layer.out_proj_bias, q, keys});
    return std::vector<Tensor>{
        y, g[0], g[1], g[2], narrow(g[3], 1, 0, 4), sum(abs(narrow(g[3], 1, 4, keys.size(1) - 4)))};
  };
  const std::vector<Tensor> plain = run(k), longer = run(padded);
  for (size_t i = 0; i < plain.size(); ++i) CHECK(largest_difference(plain[i], longer[i]) <= 1e-12);
}

TEST_CASE("heads must divide the size", "[multi_head]") {
  Rng rng(1);
  CHECK_THROWS_WITH(MultiHeadAttention(6, 4, rng), Catch::Matchers::ContainsSubstring("4 heads"));
}

}  // namespace heed
