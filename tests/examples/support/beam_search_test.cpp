// Beam and greedy search over models small enough to be worked out by hand.
#include "examples/support/text/beam_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "autograd/base/error.h"
#include "tests/catch.hpp"

using namespace heed;
using namespace heed::support;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using Ids = std::vector<int64_t>;

namespace {

// Words: 0 <pad>, 1 <s>, 2 </s>, 3 a, 4 b. p[t]: log-probabilities of the words in step t, whatever came
// before; the last row stays.
class Table : public StepModel {
 public:
  explicit Table(std::vector<std::vector<double>> p) : p_(std::move(p)) {}
  Tensor step(const Ids& words) override {
    const auto& row = p_[std::min(steps++, p_.size() - 1)];
    std::vector<double> all;
    for (size_t i = 0; i < words.size(); ++i) all.insert(all.end(), row.begin(), row.end());
    return Tensor::from(all, {static_cast<int64_t>(words.size()), static_cast<int64_t>(row.size())});
  }
  Tensor alpha() const override { return {}; }
  void select(const Ids&) override {}
  size_t steps = 0;

 private:
  std::vector<std::vector<double>> p_;
};

constexpr double never = -std::numeric_limits<double>::infinity();
const double half = std::log(0.5);

// a or b, one as likely as the other, and never an end.
Table endless() { return Table({{never, never, never, half, half}}); }

}  // namespace

TEST_CASE("what is cut is divided by its words, what has ended by its words and </s>", "[beam]") {
  BeamOptions options{.width = 2, .max_length = 2};
  Table cut = endless();
  const auto found = beam_search(cut, options);
  REQUIRE(found.size() == 2);
  CHECK(found[0].words == Ids{3, 3});
  CHECK(found[0].log_probability == Approx(2 * half));
  CHECK(found[0].score == Approx(2 * half / 2));

  // After one word it ends with probability 1/2: log p = 2 log 1/2 over two, beside a cut one of the same.
  Table either({{never, never, never, 0, never}, {never, never, half, half, never}});
  const auto both = beam_search(either, options);
  REQUIRE(both.size() == 2);
  for (const Hypothesis& h : both) CHECK(h.score == Approx(half / 2));

  options.length_penalty = 0;
  Table plain = endless();
  CHECK(beam_search(plain, options)[0].score == Approx(2 * half));
}

TEST_CASE("a hypothesis does not outrank those that have ended because it was cut", "[beam]") {
  // Ended at once: log 0.65 = -0.431. Cut after two words: log 0.35 / 2 = -0.525; over three words it would
  // win.
  Table model({{never, never, std::log(0.65), std::log(0.35), never}, {never, never, never, 0, never}});
  const auto found = beam_search(model, {.width = 2, .max_length = 2});
  REQUIRE(found.size() == 2);
  CHECK(found[0].words.empty());
  CHECK(found[1].words == Ids{3, 3});
}

TEST_CASE("what is forbidden is never written, however likely", "[beam]") {
  for (const int64_t width : {1, 2, 3}) {
    Table model({{-0.1, -0.2, -5, -3, -4}, {-0.1, -0.2, -1, -3, -4}});
    const auto found = beam_search(model, {.width = width, .forbidden = {0, 1, 3}});
    REQUIRE_FALSE(found.empty());
    for (const Hypothesis& h : found)
      for (const int64_t word : h.words) CHECK(word == 4);
    Table again({{-0.1, -0.2, -5, -3, -4}, {-0.1, -0.2, -1, -3, -4}});
    CHECK(greedy_search(again, {5}, {.width = 1, .forbidden = {0, 1, 3}})[0].words == Ids{4});
  }
  const Tensor scores = Tensor::from<double>({5, 4, 3, 2, 1}, {1, 5});
  CHECK(best_words(scores, {0}, 9, {0, 2}, 1).size() == 2);
  CHECK(best_words(scores, {0}, 9, {0, 1, 2, 3, 4}).empty());
  CHECK(best_words(scores, {0}, 1, {}, 0)[0].word == 1);
}

TEST_CASE("a limit of no words gives no words", "[beam]") {
  for (const double penalty : {0.0, 1.0, 2.5}) {
    Table model = endless();
    const auto found = beam_search(model, {.width = 3, .length_penalty = penalty, .max_length = 0});
    REQUIRE(found.size() == 1);
    CHECK(found[0].words.empty());
    CHECK(found[0].score == 0);
    CHECK(model.steps == 0);
  }
  Table model = endless();
  const auto greedy = greedy_search(model, {0, 2, 1}, {});
  CHECK(greedy[0].words.empty());
  CHECK(greedy[1].words == Ids{3, 3});
  CHECK(greedy[2].words == Ids{3});
  CHECK(greedy[1].score == Approx(half));
  CHECK(model.steps == 2);
  CHECK_THROWS_WITH(beam_search(model, {.max_length = -1}), ContainsSubstring("a max_length of -1"));
}

TEST_CASE("greedy search is a beam of one", "[beam]") {
  const std::vector<std::vector<double>> p = {{never, never, std::log(0.6), std::log(0.4), never},
                                              {never, never, std::log(0.7), std::log(0.1), std::log(0.2)}};
  for (const int64_t least : {0, 1, 2}) {
    const BeamOptions options{.width = 1, .length_penalty = 0.7, .max_length = 5, .min_length = least};
    Table one(p), other(p);
    const Hypothesis beam = beam_search(one, options)[0];
    const Hypothesis greedy = greedy_search(other, {5}, options)[0];
    CHECK(static_cast<int64_t>(beam.words.size()) == least);
    CHECK(greedy.words == beam.words);
    CHECK(greedy.log_probability == Approx(beam.log_probability));
    CHECK(greedy.score == Approx(beam.score));
  }
}

namespace {

// Text i is script[i], word by word, and then </s>, with probability p each; <pad> has the rest.
class Scripts : public StepModel {
 public:
  Scripts(std::vector<Ids> script, double p) : script_(std::move(script)), p_(p), texts_(script_.size()) {
    for (size_t i = 0; i < texts_.size(); ++i) texts_[i] = i;
  }
  Tensor step(const Ids& words) override {
    REQUIRE(words.size() == texts_.size());
    rows.push_back(words.size());
    std::vector<double> all;
    for (const size_t text : texts_) {
      std::vector<double> row(5, never);
      row[0] = std::log(1 - p_);
      row[static_cast<size_t>(written_ < script_[text].size() ? script_[text][written_] : 2)] = std::log(p_);
      all.insert(all.end(), row.begin(), row.end());
    }
    ++written_;
    return Tensor::from(all, {static_cast<int64_t>(words.size()), 5});
  }
  Tensor alpha() const override { return {}; }
  void select(const Ids& from) override {
    std::vector<size_t> kept;
    for (const int64_t row : from) kept.push_back(texts_.at(static_cast<size_t>(row)));
    texts_ = kept;
  }
  std::vector<size_t> rows;  // of each step

 private:
  std::vector<Ids> script_;
  double p_;
  std::vector<size_t> texts_;
  size_t written_ = 0;
};

}  // namespace

TEST_CASE("greedy search computes nothing for what has ended", "[beam]") {
  Scripts model({{3, 4, 3}, {}, {4, 4}, {3, 3, 3, 3}, {4}}, 0.9);
  const auto found = greedy_search(model, {9, 9, 9, 2, 0}, {});
  CHECK(found[0].words == Ids{3, 4, 3});
  CHECK(found[1].words.empty());
  CHECK(found[2].words == Ids{4, 4});
  CHECK(found[3].words == Ids{3, 3});  // cut
  CHECK(found[4].words.empty());       // of no length
  CHECK(found[0].log_probability == Approx(4 * std::log(0.9)));
  CHECK(found[1].log_probability == Approx(std::log(0.9)));
  CHECK(model.rows == std::vector<size_t>{4, 3, 2, 1});
}

TEST_CASE("a beam gives up what is far below its best", "[beam]") {
  // Each other word is log(0.8 / 0.2) = 1.386 below.
  for (const auto& [prune, hypotheses] : {std::pair{0.0, size_t{4}}, {1.38, size_t{1}}, {1.39, size_t{3}}}) {
    Scripts model({{3, 3}}, 0.8);
    const auto found = beam_search(model, {.width = 4, .max_length = 5, .min_length = 2, .prune = prune});
    INFO(prune);
    CHECK(found[0].words == Ids{3, 3});
    CHECK(found[0].log_probability == Approx(3 * std::log(0.8)));
    CHECK(*std::max_element(model.rows.begin(), model.rows.end()) == hypotheses);
  }
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  Table broken({{nan, nan, nan, nan, nan}});
  CHECK(beam_search(broken, {.width = 2, .prune = 1}).empty());
}

TEST_CASE("beams side by side are what each is alone", "[beam]") {
  const std::vector<Ids> texts{{3, 4, 3}, {}, {4, 4}, {3, 3, 3, 3}, {4}, {4, 3}};
  const Ids longest{9, 9, 1, 2, 0, 9};
  for (const double prune : {0.0, 3.0}) {
    const BeamOptions options{.width = 3, .prune = prune};
    Scripts all(texts, 0.7);
    const auto found = beam_search(all, longest, options);
    REQUIRE(found.size() == texts.size());
    for (size_t i = 0; i < texts.size(); ++i) {
      Scripts one({texts[i]}, 0.7);
      const auto alone = beam_search(one, {longest[i]}, options)[0];
      REQUIRE(found[i].size() == alone.size());
      for (size_t k = 0; k < alone.size(); ++k) {
        CHECK(found[i][k].words == alone[k].words);
        CHECK(found[i][k].score == Approx(alone[k].score));
      }
    }
  }
  Scripts none({}, 0.7);
  CHECK(beam_search(none, Ids{}, {}).empty());
  CHECK(none.rows.empty());
  Scripts one({{3}}, 0.7);
  CHECK_THROWS_WITH(beam_search(one, {-1}, {}), ContainsSubstring("a max_length of -1"));
}
