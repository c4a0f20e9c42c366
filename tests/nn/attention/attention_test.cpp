// Attention: every score, window and reading against its formula. Padding must leave no trace.
#include "nn/attention/attention.h"

#include <cmath>

#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "tests/catch.hpp"
#include "tests/nn/checks.h"

namespace heed {
using namespace test;
namespace {

const char* const kScores[] = {"additive", "dot", "scaled_dot", "general", "concat", "location"};

AnyWindow make_window(int kind, int64_t query, Rng& rng) {
  if (kind == 0) return {GlobalWindow{}};
  if (kind == 1) return {LocalMonotonicWindow{1}};
  LocalPredictiveWindow window(query, 3, 2, rng);
  window.inside_only = kind == 2;
  return {window};
}

// A batch of sentences: queries, keys, their mask, and a position for each query.
struct Batch {
  Tensor query, keys, mask, position;
  int64_t steps;
};
Batch random_batch(int64_t query_size, int64_t key_size, bool many, Rng& rng) {
  Batch batch;
  const int64_t rows = 1 + rng.below(3), queries = 1 + rng.below(3);
  batch.steps = 1 + rng.below(5);
  std::vector<int64_t> lengths(static_cast<size_t>(rows));
  for (int64_t& n : lengths) n = rng.below(batch.steps + 1);
  const Shape lead = many ? Shape{rows, queries} : Shape{rows};
  Shape query_shape = lead;
  query_shape.push_back(query_size);
  batch.query = random(query_shape, rng);
  batch.keys = random({rows, batch.steps, key_size}, rng);
  batch.mask = length_mask(lengths, batch.steps);
  std::vector<int64_t> positions(static_cast<size_t>(lead.numel()));
  for (int64_t& p : positions) p = rng.below(batch.steps);
  batch.position = Tensor::from(positions, lead);
  return batch;
}

}  // namespace

TEST_CASE("scores follow their formulas", "[attention]") {
  Rng rng(5);
  const Tensor query = random({1, 3}, rng), keys = random({1, 2, 3}, rng);
  const auto q = query.to_vector(), k = keys.to_vector();
  const auto score_of = [&](AnyScore score) {
    score = in_f64(score);
    return std::pair(score(query, score.prepare(keys)), score);
  };
  const double dot = q[0] * k[3] + q[1] * k[4] + q[2] * k[5];
  CHECK(score_of({DotScore{}}).first.at({0, 1}) == Catch::Approx(dot));
  CHECK(score_of({ScaledDotScore{}}).first.at({0, 1}) == Catch::Approx(dot / std::sqrt(3.0)));

  const auto [concat_scores, concat] = score_of({ConcatScore(3, 3, 2, rng)});
  const ConcatScore& parts = std::get<ConcatScore>(concat.score);
  double expected = 0;
  for (int64_t a = 0; a < 2; ++a) {
    double sum = 0;
    for (int64_t i = 0; i < 3; ++i)
      sum += parts.weight.at({a, i}) * q[static_cast<size_t>(i)] +
             parts.weight.at({a, 3 + i}) * k[static_cast<size_t>(3 + i)];
    expected += parts.v.at({a}) * std::tanh(sum);
  }
  CHECK(concat_scores.at({0, 1}) == Catch::Approx(expected));

  // With its two halves apart it is the additive score.
  AdditiveScore additive;
  additive.query_weight = slice(parts.weight, 1, 0, 3);
  additive.key_weight = slice(parts.weight, 1, 3, 6);
  additive.v = parts.v;
  CHECK(largest_difference(additive(query, additive.prepare(keys)), concat_scores) <= 1e-14);
}

TEST_CASE("padding changes no weight, no context and no gradient", "[attention]") {
  Rng rng(8);
  for (const char* name : kScores)
    for (int window = 0; window < 4; ++window) {
      const Batch batch = random_batch(3, 3, window % 2 == 0, rng);
      auto attention =
          in_f64(Attention{make_score(name, {3, 3, 4, 9}, rng), make_window(window, 3, rng), SoftReading{}});
      const auto run = [&](const Tensor& keys, const Tensor& mask) {
        std::vector<Tensor> of = weights_of(attention);
        of.push_back(batch.query);
        of.push_back(keys);
        Tape tape;
        const Attended a = attention(batch.query, attention.remember(keys, mask), batch.position);
        const Gradients g = tape.gradients(sum(sin(a.context * 3)), of);
        return std::pair(a, std::vector<Tensor>(g.begin(), g.end()));
      };
      const int64_t rows = batch.keys.size(0);
      const Tensor more = concat({batch.keys, random({rows, 3, 3}, rng) * 50}, 1);
      const Tensor mask = concat({batch.mask, Tensor::zeros({rows, 3}, DType::i64)}, 1);
      const auto [plain, of_plain] = run(batch.keys, batch.mask);
      const auto [padded, of_padded] = run(more, mask);
      CHECK(largest_difference(plain.context, padded.context) <= 1e-12);
      CHECK(largest_difference(plain.alpha, narrow(padded.alpha, -1, 0, batch.steps)) <= 1e-12);
      for (size_t i = 0; i + 1 < of_plain.size(); ++i) {
        const Tensor longer = of_padded[i];
        CHECK(largest_difference(of_plain[i], longer) <= 1e-12);
      }
      CHECK(largest_difference(of_plain.back(), narrow(of_padded.back(), 1, 0, batch.steps)) <= 1e-12);
      CHECK(sum(abs(narrow(of_padded.back(), 1, batch.steps, 3))).item() == 0);
    }
}

TEST_CASE("a sentence without words gives zeros and zero gradients", "[attention]") {
  Rng rng(6);
  for (int window = 0; window < 4; ++window) {
    auto attention =
        in_f64(Attention{AdditiveScore(2, 3, 4, rng), make_window(window, 2, rng), SoftReading{}});
    const Tensor query = random({2, 2}, rng), keys = random({2, 3, 3}, rng);
    Tape tape;
    const Attended a =
        attention(query, attention.remember(keys, length_mask({0, 2}, 3)), Tensor::from<int64_t>({0, 1}));
    const Gradients g = tape.gradients(sum(a.context * 2), std::vector<Tensor>{query, keys});
    CHECK(sum(abs(a.context[0])).item() == 0);
    CHECK(sum(abs(a.context[1])).item() > 0);
    CHECK(sum(abs(g[0][0])).item() == 0);
    CHECK(sum(abs(g[1][0])).item() == 0);
  }
}

TEST_CASE("local windows look where they should", "[attention]") {
  const Tensor scores = Tensor::zeros({1, 7}, DType::f64), query = Tensor::zeros({1, 2}, DType::f64);
  AttentionMemory memory{Tensor::zeros({1, 7, 2}, DType::f64), {}, length_mask({6}, 7)};
  const Weights m = LocalMonotonicWindow{2}(query, scores, memory, Tensor::from<int64_t>({5}));
  CHECK(m.alpha.to_vector()[2] == 0);
  for (int64_t s = 3; s < 6; ++s) CHECK(m.alpha.at({0, s}) == Catch::Approx(1.0 / 3));
  CHECK(m.alpha.at({0, 6}) == 0);
  CHECK_THROWS_WITH(LocalMonotonicWindow{2}(query, scores, memory, {}),
                    Catch::Matchers::ContainsSubstring("position"));

  LocalPredictiveWindow p;  // W_p = 0: p is the middle of the sentence, 6 sigmoid(0) = 3
  p.weight = Tensor::zeros({1, 2}, DType::f64);
  p.v = Tensor::zeros({1}, DType::f64);
  p.radius = 2;  // sigma = 1
  const Weights found = p(query, scores, memory, {});
  CHECK(found.center.item() == Catch::Approx(3));
  CHECK(found.align.at({0, 0}) == 0);
  CHECK(found.align.at({0, 1}) == Catch::Approx(0.2));
  CHECK(found.alpha.at({0, 1}) == Catch::Approx(0.2 * std::exp(-2.0)));
  CHECK(found.alpha.at({0, 3}) == Catch::Approx(0.2));
  p.radius = 0;
  CHECK_THROWS_WITH(p(query, scores, memory, {}), Catch::Matchers::ContainsSubstring("radius"));
}

TEST_CASE("an unknown score, or one that does not fit, is refused", "[attention]") {
  Rng rng(1);
  CHECK_THROWS_WITH(make_score("adition", {2, 2, 2, 2}, rng),
                    Catch::Matchers::ContainsSubstring("additive, dot"));
  CHECK_THROWS_WITH(make_score("dot", {2, 3, 2, 2}, rng), Catch::Matchers::ContainsSubstring("general"));
  const LocationScore location(2, 3, rng);
  CHECK_THROWS_WITH(location(Tensor::zeros({1, 2}), Tensor::zeros({1, 4, 2})),
                    Catch::Matchers::ContainsSubstring("4 positions"));
  CHECK_THROWS_AS(DotScore{}(Tensor::zeros({1, 2}), Tensor::zeros({1, 4, 3})), Error);
  CHECK_THROWS_AS(DotScore{}(Tensor::zeros({2, 2}), Tensor::zeros({1, 4, 2})), Error);
}

}  // namespace heed
