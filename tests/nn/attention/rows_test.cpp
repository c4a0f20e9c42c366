// The passes over packed rows against their definitions in plain operations.
#include "nn/attention/rows/row_scores.h"
#include "nn/attention/rows/weighted_rows.h"

#include "autograd/views/views.h"
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

// Value and gradients of two ways to the same are equal.
template <class Fast, class Plain>
void check_equal(Fast fast, Plain plain, const Inputs& x) {
  const auto everything = [&](const auto& f) {
    Tape tape;
    const Tensor y = f(x);
    const Gradients g = tape.gradients({y}, {random_tensor(y.shape(), 8)}, x);
    std::vector<double> all = y.to_vector();
    for (const Tensor& d : g)
      for (double number : d.to_vector()) all.push_back(number);
    return all;
  };
  test::check_close(everything(fast), everything(plain), 1e-11, 1e-13);
}

}  // namespace

TEST_CASE("masks of what is not there are refused", "[rows]") {
  const auto mask = some_mask();
  CHECK_THROWS_AS(attend_to_blocks(3, {-1}), Error);
  CHECK_THROWS_AS(attend_to_blocks(-3, {0}), Error);
  CHECK_THROWS_AS(select_queries(*mask, {4}), Error);
  CHECK_THROWS_AS(select_queries(*mask, {-1}), Error);
  CHECK_THROWS_AS(at_all_steps(*mask, {-1}), Error);
  const std::vector<int64_t> five(5, 0), four(4, 0);
  CHECK_THROWS_AS(within(*mask, five, five, 1), Error);
  CHECK_THROWS_AS(within(*mask, four, five, 1), Error);
  CHECK(within(*mask, four, four, 1)->queries() == 4);
}

TEST_CASE("scores and weighted rows are what their definitions say", "[attention]") {
  const SharedMask mask = some_mask();
  for (int64_t queries : {1, 2, 4})
    for (int64_t size : {1, 8, 19}) {  // 19 numbers do not fill whole registers
      INFO(queries << " queries of size " << size);
      const Tensor query = random_tensor({queries, size}, 1), v = random_tensor({size}, 2),
                   keys = random_tensor({7, size}, 3);
      check_equal([&](const Inputs& x) { return additive_scores(x[0], x[1], x[2], mask); },
                  [&](const Inputs& x) { return additive_scores_plain(x[0], x[1], x[2], mask); }, {query, v, keys});
      check_equal([&](const Inputs& x) { return dot_scores(x[0], x[1], mask); },
                  [&](const Inputs& x) { return dot_scores_plain(x[0], x[1], mask); }, {query, keys});
      check_equal([&](const Inputs& x) { return weighted_rows(x[0], x[1], mask); },
                  [&](const Inputs& x) { return weighted_rows_plain(x[0], x[1], mask); },
                  {random_tensor({queries, 3}, 4), keys});
      // Queries may be a slice of a wider product.
      check_equal([&](const Inputs& x) { return dot_scores(narrow(x[0], 1, 2, size), x[1], mask); },
                  [&](const Inputs& x) { return dot_scores_plain(narrow(x[0], 1, 2, size), x[1], mask); },
                  {random_tensor({queries, size + 5}, 5), keys});
    }
}

TEST_CASE("what is not attended to has the score 0 and is not read", "[attention]") {
  const SharedMask mask = some_mask();
  const Tensor query = random_tensor({4, 8}, 1), keys = random_tensor({7, 8}, 3);
  const Tensor scores = dot_scores(query, keys, mask);
  CHECK(scores[2].to_vector() == std::vector<double>(3, 0));
  CHECK(scores.at({1, 2}) == 0);  // beyond the second query's length
  CHECK(weighted_rows(random_tensor({4, 3}, 2), keys, mask)[2].to_vector() == std::vector<double>(8, 0));
}

TEST_CASE("a row of weight 0 is not read, whatever it holds", "[attention]") {
  Tensor annotations = random_tensor({7, 8}, 3);
  for (int64_t i = 0; i < 8; ++i) annotations.mutable_data<double>()[2 * 8 + i] = NAN;
  const Tensor weights = Tensor::from<double>({1, 0, 0}, {1, 3});
  CHECK(weighted_rows(weights, annotations, some_mask())[0].to_vector() == annotations[0].to_vector());
}

TEST_CASE("rows that do not fit are refused", "[attention]") {
  const SharedMask mask = some_mask();
  const Tensor query = random_tensor({4, 8}, 1), v = random_tensor({8}, 2), keys = random_tensor({7, 8}, 3);
  CHECK_THROWS_AS(additive_scores(query, random_tensor({9}, 2), keys, mask), Error);
  CHECK_THROWS_AS(additive_scores(random_tensor({5, 8}, 1), v, keys, mask),
                  Error);  // more queries than the mask is for
  CHECK_THROWS_AS(dot_scores(random_tensor({4, 9}, 1), keys, mask), Error);
  CHECK_THROWS_AS(weighted_rows(random_tensor({4, 2}, 1), keys, mask), Error);
  CHECK_THROWS_AS(weighted_rows(random_tensor({5, 3}, 1), keys, mask), Error);
}
