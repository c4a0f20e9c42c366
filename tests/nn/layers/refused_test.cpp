// Sizes and types that would broadcast or be converted into something that nobody meant.
#include "autograd/ops/einsum/einsum.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/hard_attention.h"
#include "nn/attention/multi_head.h"
#include "nn/losses/losses.h"
#include "nn/recurrent/gru.h"
#include "nn/recurrent/gru_cho.h"
#include "nn/recurrent/lstm.h"
#include "nn/recurrent/rnn.h"
#include "tests/catch.hpp"

namespace heed {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("a bias of another type or shape is refused", "[refused]") {
  const Tensor x = Tensor::zeros({2, 3}), w = Tensor::zeros({4, 3});
  CHECK_THROWS_WITH(linear(x, w, Tensor::zeros({4}, DType::f64)), ContainsSubstring("linear"));
  CHECK_THROWS_WITH(linear(x, w, Tensor::zeros({4}, DType::i64)), ContainsSubstring("linear"));
  CHECK_THROWS_WITH(linear(x, w, Tensor::zeros({2, 4})), ContainsSubstring("[O]"));
  CHECK_THROWS_WITH(linear(x, w, Tensor::scalar(1)), ContainsSubstring("linear"));
  CHECK_THROWS_WITH(linear_onto(Tensor::zeros({3, 4}), x, w), ContainsSubstring("linear_onto"));
  CHECK(linear_onto(Tensor::zeros({4}), x, w).shape() == Shape{2, 4});
}

template <class Cell>
void check_cell(bool memory) {
  Rng rng(1);
  const Cell cell(3, 2, rng);
  const auto step = [&](int64_t words, int64_t rows) {
    const Tensor h = Tensor::zeros({rows, 2});
    return cell.step(cell.project(Tensor::zeros({words, 3})), {h, memory ? h : Tensor()});
  };
  CHECK(step(2, 2).h.shape() == Shape{2, 2});
  CHECK_THROWS_WITH(step(3, 1), ContainsSubstring("row for each sentence"));
  CHECK_THROWS_WITH(step(1, 3), ContainsSubstring("row for each sentence"));
}

TEST_CASE("a state with other rows than the input is refused", "[refused]") {
  check_cell<RnnCell>(false);
  check_cell<GruCell>(false);
  check_cell<GruChoCell>(false);
  check_cell<LstmCell>(true);
  Rng rng(1);
  const LstmCell cell(3, 2, rng);
  const Tensor x = cell.project(Tensor::zeros({2, 3})), h = Tensor::zeros({2, 2});
  for (const Shape& c : {Shape{1, 2}, {2, 1}}) CHECK_THROWS_AS(cell.step(x, {h, Tensor::zeros(c)}), Error);
}

TEST_CASE("weights that would make more losses than there are predictions are refused", "[refused]") {
  const Tensor x = Tensor::zeros({3}), t = Tensor::zeros({3}), column = Tensor::full({3, 1}, 1);
  CHECK_THROWS_AS(bce_with_logits(x, t, Reduction::sum, column), Error);
  CHECK_THROWS_AS(bce_with_logits(x, t, Reduction::sum, {}, column), Error);
  const Tensor words = Tensor::zeros({1, 2}), one = Tensor::scalar(1);
  CHECK_THROWS_AS(hard_attention_loss({words, words, words, Tensor::zeros({3}), one, {}}, 1, 1), Error);
  CHECK_THROWS_AS(hard_attention_loss({words, Tensor::zeros({2}), words, one, one, {}}, 1, 1), Error);
  CHECK_THROWS_AS(nll(words, Tensor::from<int64_t>({0}), {.label_smoothing = 0.1}), Error);
}

TEST_CASE("masks of floats keep every number that is not 0", "[refused]") {
  const Tensor yes = Tensor::from<int64_t>({1}), no = Tensor::from<int64_t>({2});
  CHECK(where(Tensor::from<double>({0.5}), yes, no).item() == 1);
  CHECK(where(Tensor::from<double>({1e-300}), Tensor::from<float>({1}), Tensor::from<float>({2})).item() == 1);
  CHECK(masked_fill(Tensor::from<float>({3}), Tensor::from<double>({1e-300}), 7).item() == 7);
  const Tensor q = Tensor::zeros({2, 2}, DType::f64), half = Tensor::full({2, 2}, 0.5, DType::f64);
  for (const bool causal : {false, true}) {
    DotProductOptions options;
    options.mask = half;
    options.causal = causal;
    CHECK_THROWS_AS(scaled_dot_product(q, q, q, options), Error);
  }
}

TEST_CASE("bounds, types and orders that make no sense are named", "[refused]") {
  CHECK_THROWS_WITH(clamp(Tensor::scalar(1), 2, 1), ContainsSubstring("clamp"));
  CHECK_THROWS_WITH(einsum("i", {Tensor::from<int64_t>({1})}), ContainsSubstring("f32"));
  CHECK_THROWS_WITH(norm(Tensor::from<int64_t>({1})), ContainsSubstring("norm"));
}

}  // namespace
}  // namespace heed
