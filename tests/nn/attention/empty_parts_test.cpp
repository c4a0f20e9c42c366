// What was made without anything in it, and masks that are asked for queries which they have not.
#include <limits>

#include "autograd/backward/recompute.h"
#include "autograd/ops/indexing.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/activations.h"
#include "nn/attention/attention.h"
#include "nn/attention/multi_head.h"
#include "nn/attention/rows/row_scores.h"
#include "nn/attention/scores.h"
#include "nn/attention/windows.h"
#include "nn/layers/batch_norm.h"
#include "nn/layers/layer_norm.h"
#include "nn/recurrent/stack.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a cell, a score, a window or a stack with nothing in it says so", "[attention]") {
  const Tensor x = Tensor::zeros({2, 3});
  const SharedMask mask = attend_to_blocks(2, {0, 0});
  const AnyCell cell;
  CHECK_THROWS_WITH(cell.project(x), ContainsSubstring("AnyCell: "));
  CHECK_THROWS_WITH(cell.step(x, {x, {}}), ContainsSubstring("AnyCell: "));
  const AnyScore score;
  CHECK_THROWS_WITH(score.prepare(x), ContainsSubstring("AnyScore: "));
  CHECK_THROWS_WITH(score(x, x, mask), ContainsSubstring("AnyScore: "));
  const AnyWindow window;
  CHECK_THROWS_WITH(window.focus(x, mask, {}), ContainsSubstring("AnyWindow: "));
  CHECK_THROWS_WITH(window(x, {mask}), ContainsSubstring("AnyWindow: "));
  const Stack stack;
  CHECK_THROWS_WITH(stack.project(x), ContainsSubstring("Stack: "));
  CHECK_THROWS_WITH(stack.step(x, {x, {}}), ContainsSubstring("Stack: "));
  CHECK_THROWS_WITH(stack.top({x, {}}), ContainsSubstring("Stack: "));
  CHECK_THROWS_WITH(stack.has_memory(), ContainsSubstring("Stack: "));
  CHECK_THROWS_WITH(stack.hidden_size(), ContainsSubstring("Stack: "));
}

TEST_CASE("a mask is asked for its own queries and columns only", "[attention]") {
  const SharedMask mask = attend_to_blocks(64, {0, 1});
  for (const int64_t n : {-1, 3, 4000}) {
    CHECK_THROWS_WITH(mask_tensor(*mask, n), ContainsSubstring("mask_tensor: "));
    CHECK_THROWS_WITH(attended_rows(Tensor::zeros({128, 4}), *mask, n), ContainsSubstring("attended_rows: "));
  }
  const SharedMask part = within(*mask, {0, 1}, {0, 1}, 1);
  CHECK_THROWS_WITH(by_position(Tensor::full({7, 1}, 1), *part, *mask), ContainsSubstring("by_position: "));
  CHECK_THROWS_WITH(by_position(Tensor::full({2, 5}, 1), *mask, *mask), ContainsSubstring("by_position: "));
  CHECK(by_position(Tensor::full({2, 1}, 1), *part, *mask).shape() == Shape{2, 64});
  CHECK(mask_tensor(*mask, 0).shape() == Shape{0, 64});
}

TEST_CASE("local-p attention shows a NaN", "[attention]") {
  Rng rng(1);
  Tensor q = rng.normal({2, 3}, 0, 1);
  const Tensor h = rng.normal({4, 3}, 0, 1);
  q.mutable_data<float>()[0] = std::numeric_limits<float>::quiet_NaN();
  const Attention attention{DotScore(), LocalPredictiveWindow(WindowSizes{3, 4, 10}, rng)};
  const Tensor context = attention(q, attention.remember(h, attend_to_blocks(2, {0, 1}))).context;
  for (int64_t k = 0; k < 3; ++k) {
    CHECK(std::isnan(context.data<float>()[k]));
    CHECK(std::isfinite(context.data<float>()[3 + k]));
  }
}

TEST_CASE("numbers that no formula has a use for are refused", "[attention]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Rng rng(1);
  const Tensor x = rng.normal({2, 3}, 0, 1);
  for (const double beta : {0.0, nan}) CHECK_THROWS_WITH(softplus(x, beta), ContainsSubstring("softplus: beta"));
  for (const double bad : {-1.0, nan}) {
    CHECK_THROWS_WITH(layer_norm(x, {3}, {}, {}, bad), ContainsSubstring("layer_norm: eps"));
    CHECK_THROWS_WITH(rng.normal({2}, 0, bad), ContainsSubstring("Rng::normal: the standard deviation"));
  }
  CHECK(rng.normal({2}, 3, 0).to_vector() == std::vector<double>{3, 3});
  for (const double bad : {nan, 0.5, 1e300})
    CHECK_THROWS_WITH(pad(Tensor::zeros({1}, DType::i64), {{1, 0}}, bad), ContainsSubstring("pad: "));
  for (const int64_t row : {-2, 3})
    CHECK_THROWS_WITH(embedding(rng.normal({3, 1}, 0, 1), Tensor::arange(3), row), ContainsSubstring("embedding: "));
  CHECK_THROWS_WITH(recompute({}, {x}), ContainsSubstring("recompute: the function is empty"));
}

TEST_CASE("sizes of 0 divide nothing", "[attention]") {
  Rng rng(1);
  MultiHeadAttention attention(4, 2, rng);
  const Tensor x = rng.normal({1, 2, 4}, 0, 1);
  for (const int64_t heads : {0, 3, -2}) {
    attention.heads = heads;
    CHECK_THROWS_WITH(attention(x, x, x), ContainsSubstring("MultiHeadAttention: "));
  }
  BatchNorm norm(1, false);
  norm.running_mean = norm.running_var = Tensor::zeros({0});
  CHECK_THROWS_WITH(norm(Tensor::zeros({3, 0, 4}), true), ContainsSubstring("BatchNorm: "));
}
