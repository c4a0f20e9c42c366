// The blocks of docs/operations.md (documents_test.cpp holds the two together), and what they should give.
#include <cmath>
#include <limits>

#include "autograd/autograd.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Approx;

namespace {

// docs: masks
// The mean of what is finite in x.
Tensor finite_mean(const Tensor& x) {
  const Tensor good = isfinite(x), zero = Tensor::zeros({}, x.dtype());
  return sum(where(good, x, zero)) / to(sum(good), x.dtype());
}

// docs: whole numbers
// The row and the column of each cell of a board, `width` cells wide and numbered row by row.
std::pair<Tensor, Tensor> rows_and_columns(const Tensor& cells, int64_t width) {
  return {floor_divide(cells, width), remainder(cells, width)};
}

// docs: in order
// The most likely words of each row that together have at least probability p; 0 for the others
// (nucleus sampling: Holtzman et al. 2020). logits [.., V] -> [.., V].
Tensor nucleus(const Tensor& logits, double p) {
  const auto [sorted, index] = sort(softmax(logits), -1, true);
  const Tensor likelier = cumsum(sorted, -1) - sorted;  // what those before it add up to
  const Tensor kept = masked_fill(sorted, greater_equal(likelier, p), 0);
  return scatter(Tensor::zeros(logits.shape(), logits.dtype()), -1, index, kept);
}

// docs: a sum that fades
// What each step is worth: its reward and, discounted, those of all later steps. rewards [T] -> [T].
Tensor returns(const Tensor& rewards, double discount) {
  return linear_recurrence(rewards, Tensor::full(rewards.shape(), discount, rewards.dtype()), 0, true);
}

// docs: diagonals and triangles
// A covariance from numbers that may be anything, [N, N] -> [N, N]: L L^T, with a positive diagonal of L.
Tensor covariance(const Tensor& x) {
  const Tensor lower = tril(x, -1) + diag(exp(diag(x)));
  return matmul(lower, transpose(lower, 0, 1));
}

// Each position sees itself and those before it: a mask [n, n].
Tensor causal(int64_t n) { return tril(Tensor::full({n, n}, 1, DType::i64)); }

// docs: axes by name
// Attention with several heads: q [B, T, H, D], k and v [B, S, H, D] -> [B, T, H, D].
Tensor attend(const Tensor& q, const Tensor& k, const Tensor& v) {
  const double scale = 1 / std::sqrt(static_cast<double>(q.size(-1)));
  const Tensor scores = einsum("bthd,bshd->bhts", {q, k}) * scale;
  return einsum("bhts,bshd->bthd", {softmax(scores), v});
}

using Doubles = std::vector<double>;

}  // namespace

TEST_CASE("docs/operations.md: masks and whole numbers", "[documents]") {
  const Tensor x = Tensor::from(Doubles{1, std::nan(""), 3, std::numeric_limits<double>::infinity()});
  Tape tape;
  const Tensor mean = finite_mean(x);
  CHECK(mean.item() == 2);
  CHECK(tape.gradients(mean, {x})[0].to_vector() == Doubles{0.5, 0, 0.5, 0});
  const auto [rows, columns] = rows_and_columns(Tensor::arange(6), 3);
  CHECK(rows.to_ids() == std::vector<int64_t>{0, 0, 0, 1, 1, 1});
  CHECK(columns.to_ids() == std::vector<int64_t>{0, 1, 2, 0, 1, 2});
}

TEST_CASE("docs/operations.md: in order", "[documents]") {
  const Tensor logits = log(Tensor::from(Doubles{0.2, 0.5, 0.3, 0.7, 0.1, 0.2}, {2, 3}));
  const Doubles expected{0, 0.5, 0.3, 0.7, 0, 0}, got = nucleus(logits, 0.6).to_vector();
  for (size_t i = 0; i < got.size(); ++i) CHECK(got[i] == Approx(expected[i]));
  CHECK(returns(Tensor::from(Doubles{1, 0, 4}), 0.5).to_vector() == Doubles{2, 2, 4});
}

TEST_CASE("docs/operations.md: diagonals and axes by name", "[documents]") {
  CHECK(covariance(Tensor::from(Doubles{0, 9, 2, 0}, {2, 2})).to_vector() == Doubles{1, 2, 2, 5});
  CHECK(causal(3).to_ids() == std::vector<int64_t>{1, 0, 0, 1, 1, 0, 1, 1, 1});
  Rng rng(7);
  const auto drawn = [&](int64_t steps) { return rng.uniform({2, steps, 3, 4}, -1, 1, DType::f64); };
  const Tensor q = drawn(2), k = drawn(5), v = drawn(5), y = attend(q, k, v);
  REQUIRE(y.shape() == Shape{2, 2, 3, 4});
  // One head of one sentence by itself.
  const auto head = [](const Tensor& x) { return select(select(x, 0, 1), 1, 2); };
  const Tensor alone = matmul(softmax(matmul(head(q), transpose(head(k), 0, 1)) * 0.5), head(v));
  const Doubles one = head(y).to_vector(), expected = alone.to_vector();
  for (size_t i = 0; i < one.size(); ++i) CHECK(one[i] == Approx(expected[i]).epsilon(1e-12));
}
