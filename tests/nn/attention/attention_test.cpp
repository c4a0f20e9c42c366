// Attention: every score and window against its formula, alone and together. (Gradients: tests/gradients.)
#include "nn/attention/attention.h"

#include <cmath>
#include <limits>

#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "nn/attention/choices.h"
#include "tests/catch.hpp"
#include "tests/nn/checks.h"

namespace heed {
using namespace test;
using Catch::Matchers::ContainsSubstring;
namespace {

// Packed annotations of sentences of these lengths, one query for each, and positions for the queries.
struct Batch {
  Packed packed;
  Tensor query, position;
};
Batch make_batch(const std::vector<int64_t>& lengths, int64_t size, Rng& rng) {
  const auto sentences = static_cast<int64_t>(lengths.size());
  const int64_t longest = *std::max_element(lengths.begin(), lengths.end());
  Batch batch{pack(random({longest, sentences, size}, rng), lengths), random({sentences, size}, rng), {}};
  std::vector<int64_t> positions;
  for (int64_t length : lengths) positions.push_back(rng.below(length + 1));
  batch.position = Tensor::from(positions);
  return batch;
}

// Every score with every window, in double.
template <class Use>
void each_attention(int64_t size, Rng& rng, Use use) {
  for (const ScoreChoice& score : attention_scores)
    for (const WindowChoice& window : attention_windows) {
      INFO(score.name << " with " << window.name);
      use(in_f64(Attention{score.make({size, size, 3, 4}, rng), window.make({size, 2, 2}, rng)}));
    }
}

}  // namespace

TEST_CASE("a sentence is attended to as if it were alone", "[attention]") {
  Rng rng(8);
  const Batch batch = make_batch({2, 5, 3}, 3, rng);
  each_attention(3, rng, [&](auto attention) {
    const Attended all =
        attention(batch.query, attention.remember(batch.packed.rows, attend_to(batch.packed)), batch.position);
    const Tensor padded = unpack(batch.packed);
    const std::vector<int64_t> lengths = batch.packed.lengths();
    for (int64_t b = 0; b < 3; ++b) {
      const int64_t length = lengths[static_cast<size_t>(b)];
      const Packed one = pack(narrow(narrow(padded, 0, 0, length), 1, b, 1));
      const Attended alone = attention(narrow(batch.query, 0, b, 1), attention.remember(one.rows, attend_to(one)),
                                       narrow(batch.position, 0, b, 1));
      CHECK(largest_difference(alone.context[0], all.context[b]) <= 1e-12);
      const Tensor alpha = all.alignment()[b];
      CHECK(largest_difference(alone.alignment()[0], narrow(alpha, 0, 0, length)) <= 1e-12);
      for (int64_t j = length; j < alpha.size(0); ++j) CHECK(alpha.at({j}) == 0);
    }
  });
}

TEST_CASE("a score and its window do not know of each other's parameters", "[attention]") {
  for (const ScoreChoice& score : attention_scores) {
    std::vector<std::string> expected;
    for (const WindowChoice& window : attention_windows) {
      Rng rng(1);
      Attention attention{score.make({3, 3, 4, 5}, rng), window.make({3, 4, 2}, rng)};
      std::vector<std::string> names;
      for (const NamedTensor& part : named_tensors(attention))
        if (!part.name.starts_with("window.")) names.push_back(part.name);
      if (expected.empty()) expected = names;
      INFO(score.name << " with " << window.name);
      CHECK(names == expected);
    }
  }
}

TEST_CASE("a sentence without words gives zeros and zero gradients", "[attention]") {
  Rng rng(6);
  const Batch batch = make_batch({0, 2}, 3, rng);
  each_attention(3, rng, [&](auto attention) {
    Tape tape;
    const AttentionMemory memory = attention.remember(batch.packed.rows, attend_to(batch.packed));
    const Attended a = attention(batch.query, memory, batch.position);
    const Gradients g = tape.gradients(sum(a.context * 2), std::vector<Tensor>{batch.query});
    CHECK(largest(a.context[0]) == 0);
    CHECK(largest(g[0][0]) == 0);
  });
}

TEST_CASE("scores follow their formulas", "[attention]") {
  Rng rng(5);
  const Tensor query = random({1, 3}, rng), annotations = random({2, 3}, rng);
  const SharedMask mask = attend_to_blocks(2, {0});
  const auto q = query.to_vector(), h = annotations.to_vector();
  const auto second = [&](const auto& score) { return score(query, score.prepare(annotations), mask).at({0, 1}); };
  const double dot = q[0] * h[3] + q[1] * h[4] + q[2] * h[5];
  CHECK(second(DotScore{}) == Catch::Approx(dot));
  CHECK(second(ScaledDotScore{}) == Catch::Approx(dot / std::sqrt(3.0)));

  const ConcatScore concat = in_f64(ConcatScore({3, 3, 2}, rng));
  double expected = 0;
  for (int64_t a = 0; a < 2; ++a) {
    double sum = 0;
    for (int64_t i = 0; i < 3; ++i)
      sum += concat.weight.at({a, i}) * q[static_cast<size_t>(i)] +
             concat.weight.at({a, 3 + i}) * h[static_cast<size_t>(3 + i)];
    expected += concat.v.at({a}) * std::tanh(sum);
  }
  CHECK(second(concat) == Catch::Approx(expected));

  // With its two halves apart it is the additive score.
  AdditiveScore additive;
  additive.query_weight = slice(concat.weight, 1, 0, 3);
  additive.key_weight = slice(concat.weight, 1, 3, 6);
  additive.v = concat.v;
  CHECK(second(additive) == Catch::Approx(expected));
}

TEST_CASE("a location score gives no weight to positions that it has none for", "[attention]") {
  Rng rng(3);
  const LocationScore location({.query = 2, .annotation = 2, .max_length = 3}, rng);
  const Attention attention{location, GlobalWindow{}};
  const Tensor annotations = rng.uniform({5, 2}, -1, 1);
  const Attended a = attention(rng.uniform({1, 2}, -1, 1), attention.remember(annotations, attend_to_blocks(5, {0})));
  CHECK(a.alpha.at({0, 2}) > 0);
  CHECK(a.alpha.at({0, 3}) == 0);
  CHECK(a.alpha.at({0, 4}) == 0);
  CHECK(sum(a.alpha).item() == Catch::Approx(1));
}

TEST_CASE("local windows look where they should", "[attention]") {
  const Tensor query = Tensor::zeros({1, 2}, DType::f64);
  const auto mask = std::make_shared<const AttentionMask>(AttentionMask{7, {0, 1, 2, 3, 4, 5, 6}, {6}});
  const auto weigh = [&](const auto& window, const Focus& focus) {
    return by_position(window(Tensor::zeros({1, focus.mask->width}, DType::f64), focus).alpha, *focus.mask, *mask);
  };
  LocalMonotonicWindow monotonic;
  monotonic.radius = 2;
  const Focus near_end = monotonic.focus(query, mask, Tensor::from<int64_t>({5}));
  CHECK((near_end.mask->width == 5 && near_end.mask->first[0] == 3 && near_end.mask->lengths[0] == 3));
  const Tensor m = weigh(monotonic, near_end);
  CHECK(m.at({0, 2}) == 0);
  for (int64_t s = 3; s < 6; ++s) CHECK(m.at({0, s}) == Catch::Approx(1.0 / 3));
  CHECK(m.at({0, 6}) == 0);
  CHECK_THROWS_WITH(monotonic.focus(query, mask, {}), ContainsSubstring("position"));
  for (const int64_t beyond : {-3, 8, 1000})
    CHECK(largest(weigh(monotonic, monotonic.focus(query, mask, Tensor::from<int64_t>({beyond})))) == 0);

  LocalPredictiveWindow p;  // W_p = 0: p is the middle of the sentence, 6 sigmoid(0) = 3
  p.weight = Tensor::zeros({1, 2}, DType::f64);
  p.v = Tensor::zeros({1}, DType::f64);
  p.radius = 2;  // sigma = 1
  const Focus focus = p.focus(query, mask, {});
  CHECK(focus.center.item() == Catch::Approx(3));
  CHECK(focus.mask->first[0] == 1);
  const Tensor alpha = weigh(p, focus);
  CHECK(alpha.at({0, 0}) == 0);
  CHECK(alpha.at({0, 1}) == Catch::Approx(0.2 * std::exp(-2.0)));
  CHECK(alpha.at({0, 3}) == Catch::Approx(0.2));
  p.radius = 0;
  CHECK_THROWS_WITH(p.focus(query, mask, {}), ContainsSubstring("radius"));
}

TEST_CASE("a local window computes what lies inside, and the same as a mask over all", "[attention]") {
  Rng rng(8), random_lengths(9);
  const std::vector<int64_t> lengths{40, 3, 25, 1};
  const Batch batch = make_batch(lengths, 3, rng);
  const SharedMask mask = attend_to(batch.packed);
  for (const ScoreChoice& choice : attention_scores)
    for (const int64_t radius : {1, 4, 60}) {
      INFO(choice.name << " D = " << radius);
      AnyScore score = choice.make({3, 3, 4, 50}, rng);
      convert(score, DType::f64);
      LocalMonotonicWindow window;
      window.radius = radius;
      const Attention attention{score, window};
      const Tensor position = Tensor::from<int64_t>({17, 1, 30, 0});
      const Attended a = attention(batch.query, attention.remember(batch.packed.rows, mask), position);
      CHECK(a.scores.size(1) == std::min<int64_t>(2 * radius + 1, 40));
      // The definition: scores everywhere, and a mask.
      const Tensor all = score(batch.query, score.prepare(batch.packed.rows), mask);
      Tensor inside = Tensor::zeros({4, 40}, DType::i64);
      for (int64_t b = 0; b < 4; ++b)
        for (int64_t j = 0; j < lengths[static_cast<size_t>(b)]; ++j)
          inside.mutable_data<int64_t>()[b * 40 + j] = std::abs(j - position.at({b})) <= static_cast<double>(radius);
      const Tensor expected = masked_softmax(all, inside, 1);
      CHECK(largest_difference(a.alignment(), expected) <= 1e-14);
      CHECK(largest_difference(a.context, weighted_rows(expected, batch.packed.rows, mask)) <= 1e-14);
    }
}

// What lies outside is not even looked at: it may be anything, and gets no gradient.
TEST_CASE("a local window reads nothing outside of it, with any score", "[attention]") {
  Rng rng(4);
  for (const ScoreChoice& score : attention_scores)
    for (const char* name : {"local-m", "local-p"}) {
      INFO(score.name << " with " << name);
      const WindowChoice& window = choose(attention_windows, "window", name);
      const auto attention = in_f64(Attention{score.make({2, 2, 3, 9}, rng), window.make({2, 2, 1}, rng)});
      const Tensor query = random({1, 2}, rng), position = Tensor::from<int64_t>({5});
      const Packed words = pack(random({9, 1, 2}, rng));
      const auto read = [&](const Tensor& annotations) {
        return attention(query, attention.remember(annotations, attend_to(words)), position);
      };
      const Attended all = read(words.rows);
      const int64_t first = all.focus.mask->first[0], end = first + all.focus.mask->lengths[0];
      CHECK(end - first >= 2);
      CHECK(all.scores.shape() == Shape{1, 3});
      Tensor poisoned = Tensor::from(words.rows.to_vector(), {9, 2}, DType::f64);
      for (int64_t j = 0; j < 9; ++j)
        if (j < first || j >= end) poisoned.mutable_data<double>()[2 * j] = NAN;
      CHECK(read(poisoned).context.to_vector() == all.context.to_vector());
      Tape tape;
      const Gradients g = tape.gradients(sum(read(words.rows).context), {words.rows});
      for (int64_t j = 0; j < 9; ++j) CHECK((largest(abs(g[0][j])) > 0) == (j >= first && j < end));
    }
}

TEST_CASE("a local window may be anywhere, and of any size", "[attention]") {
  const Packed packed = pack(Tensor::zeros({7, 2, 2}, DType::f64), {7, 4});
  const SharedMask mask = attend_to(packed);
  const Tensor query = Tensor::zeros({2, 2}, DType::f64);
  LocalMonotonicWindow window;
  const auto inside = [&](int64_t radius, double p) {
    window.radius = radius;
    return *window.focus(query, mask, Tensor::from<double>({p, p})).mask;
  };
  const AttentionMask near = inside(1, 4);
  CHECK(near.lengths == std::vector<int64_t>{3, 1});
  CHECK(near.first == std::vector<int64_t>{3, 3});
  for (int64_t j = 0; j < 3; ++j) CHECK(near.row(0, j) == mask->row(0, 3 + j));
  CHECK(near.row(1, 0) == mask->row(1, 3));
  const Tensor spread = by_position(Tensor::from<double>({1, 2, 3, 4, 0, 0}, {2, 3}), near, *mask);
  CHECK(spread.to_vector() == std::vector<double>{0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 4, 0, 0, 0});
  for (const double nowhere : {-2.0, 9.0, 1e300, -1e300, double(NAN)})
    CHECK(inside(1, nowhere).lengths == std::vector<int64_t>{0, 0});
  for (const int64_t radius : {int64_t{20}, std::numeric_limits<int64_t>::max()})
    for (const double p : {0.0, 6.5, 15.0}) CHECK(inside(radius, p).lengths == std::vector<int64_t>{7, 4});
}

TEST_CASE("positions beyond a location score's reach are not looked at by any window", "[attention]") {
  Rng rng(10);
  const LocationScore location = in_f64(LocationScore({.query = 3, .annotation = 3, .max_length = 5}, rng));
  const Batch batch = make_batch({12, 4}, 3, rng);
  const auto attended = [&](const auto& window, int64_t at) {
    const Attention attention{location, window};
    return attention(batch.query, attention.remember(batch.packed.rows, attend_to(batch.packed)),
                     Tensor::from<int64_t>({at, at}));
  };
  const Tensor global = attended(GlobalWindow{}, 0).alignment();
  CHECK(sum(global[0]).item() == Catch::Approx(1));
  CHECK(largest(narrow(global[0], 0, 5, 7)) == 0);
  LocalMonotonicWindow window;
  window.radius = 2;
  const Tensor edge = attended(window, 6).alignment();  // of 4 .. 8 only 4 can be scored
  CHECK(edge.at({0, 4}) == 1);
  CHECK(largest(attended(window, 9).alignment()) == 0);  // nothing is left
  CHECK(largest(attended(window, 9).context) == 0);
}

TEST_CASE("an unknown score, or one that does not fit, is refused", "[attention]") {
  Rng rng(1);
  CHECK_THROWS_WITH(choose(attention_scores, "score", "adition"), ContainsSubstring("additive, dot"));
  CHECK_THROWS_WITH(choose(attention_scores, "score", "dot").make({2, 3, 2, 2}, rng), ContainsSubstring("general"));
  const SharedMask mask = attend_to_blocks(4, {0});
  CHECK_THROWS_AS(DotScore{}(Tensor::zeros({1, 2}), Tensor::zeros({4, 3}), mask), Error);
  CHECK_THROWS_AS(DotScore{}(Tensor::zeros({2, 2}), Tensor::zeros({4, 2}), mask), Error);
}

TEST_CASE("a hard reading takes one annotation", "[attention]") {
  Rng rng(2), draws(3);
  const Batch batch = make_batch({4, 2}, 3, rng);
  const Attention attention{in_f64(GeneralScore({3, 3}, rng)), GlobalWindow{}};
  const AttentionMemory memory = attention.remember(batch.packed.rows, attend_to(batch.packed));
  for (Rng* random : {&draws, static_cast<Rng*>(nullptr)}) {
    const Attended a = attention(batch.query, memory, {}, HardReading{random});
    for (int64_t b = 0; b < 2; ++b) {
      const std::vector<double> weights = a.weights[b].to_vector();
      const auto chosen = std::max_element(weights.begin(), weights.end()) - weights.begin();
      CHECK(sum(a.weights[b]).item() == 1);
      CHECK(a.context[b].to_vector() == memory.annotations[memory.mask->row(b, chosen)].to_vector());
      if (!random) CHECK(a.alpha.at({b, chosen}) == largest(a.alpha[b]));
    }
  }
}

}  // namespace heed
