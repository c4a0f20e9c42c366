#include "nn/attention/rows/additive_attention.h"

#include "autograd/ops/softmax.h"
#include "autograd/views/views.h"
#include "nn/attention/rows/row_scores.h"
#include "nn/attention/rows/weighted_rows.h"
#include "tests/nn/checks.h"

using namespace heed;
using heed::test::random_tensor;

namespace {

using Inputs = std::vector<Tensor>;

// Four queries over 7 annotations: of different lengths, one with nothing to attend to, two with the same rows.
SharedMask some_mask() {
  const auto mask = std::make_shared<AttentionMask>();
  *mask = {3, {0, 2, 5, 1, 3, -1, -1, -1, -1, 0, 2, 5}, {3, 2, 0, 3}};
  return mask;
}

// query, v, keys, annotations; 19 numbers do not fill whole registers.
Inputs inputs(int64_t queries, int64_t alignment) {
  return {random_tensor({queries, alignment}, 1), random_tensor({alignment}, 2),
          random_tensor({7, alignment}, 3), random_tensor({7, 5}, 4)};
}

auto fused(const Inputs& x) { return additive_attention(x[0], x[1], x[2], x[3], some_mask()); }
auto plain(const Inputs& x) { return additive_attention_plain(x[0], x[1], x[2], x[3], some_mask()); }

// Gradients of both results, each weighted with fixed numbers.
template <class F>
std::vector<Tensor> gradients(F attention, const Inputs& x) {
  Tape tape;
  const auto y = attention(x);
  const Gradients g =
      tape.gradients({y[0], y[1]}, {random_tensor(y[0].shape(), 8), random_tensor(y[1].shape(), 9)}, x);
  return {g.begin(), g.end()};
}

}  // namespace

TEST_CASE("additive attention is what its definition says", "[attention]") {
  for (int64_t queries : {1, 2, 4})
    for (int64_t alignment : {1, 8, 19}) {
      INFO(queries << " queries, alignment of size " << alignment);
      const Inputs x = inputs(queries, alignment);
      const auto got = fused(x), expected = plain(x);
      for (size_t k : {0, 1}) test::check_close(got[k].to_vector(), expected[k].to_vector(), 1e-12, 1e-14);
      const std::vector<Tensor> dx = gradients(fused, x), expected_dx = gradients(plain, x);
      for (size_t i = 0; i < 4; ++i)
        test::check_close(dx[i].to_vector(), expected_dx[i].to_vector(), 1e-10, 1e-12);
    }
}

TEST_CASE("a query that sees nothing reads zeros", "[attention]") {
  const auto [context, alpha] = fused(inputs(4, 8));
  CHECK(context[2].to_vector() == std::vector<double>(5, 0));
  CHECK(alpha[2].to_vector() == std::vector<double>(3, 0));
  CHECK(alpha.at({1, 2}) == 0);  // beyond the second query's length
}

TEST_CASE("additive attention says what does not fit", "[attention]") {
  Inputs x = inputs(4, 8);
  x[1] = random_tensor({9}, 2);
  CHECK_THROWS_AS(fused(x), Error);
  CHECK_THROWS_AS(fused(inputs(5, 8)), Error);  // more queries than the mask is for
}

namespace {

// The same by its halves.
std::array<Tensor, 2> halves(const Inputs& x) {
  const Tensor scores = additive_scores(x[0], x[1], x[2], some_mask());
  const Tensor alpha = masked_softmax(scores, mask_tensor(*some_mask(), 4));
  return {weighted_rows(alpha, x[3], some_mask()), alpha};
}

}  // namespace

TEST_CASE("scores and weighted rows are the halves of additive attention", "[attention]") {
  for (int64_t alignment : {1, 8, 19}) {
    const Inputs x = inputs(4, alignment);
    const auto got = halves(x), expected = fused(x);
    for (size_t k : {0, 1}) test::check_close(got[k].to_vector(), expected[k].to_vector(), 1e-12, 1e-14);
    const std::vector<Tensor> dx = gradients(halves, x), expected_dx = gradients(fused, x);
    for (size_t i = 0; i < 4; ++i)
      test::check_close(dx[i].to_vector(), expected_dx[i].to_vector(), 1e-10, 1e-12);
  }
}

TEST_CASE("the halves of additive attention say what does not fit", "[attention]") {
  const Inputs x = inputs(4, 8);
  CHECK_THROWS_AS(additive_scores(x[0], random_tensor({9}, 2), x[2], some_mask()), Error);
  CHECK_THROWS_AS(additive_scores(inputs(5, 8)[0], x[1], x[2], some_mask()), Error);
  CHECK_THROWS_AS(weighted_rows(random_tensor({4, 2}, 1), x[3], some_mask()), Error);
  CHECK_THROWS_AS(weighted_rows(random_tensor({5, 3}, 1), x[3], some_mask()), Error);
}
