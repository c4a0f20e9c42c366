// Beam and greedy search over models small enough to be worked out by hand.
#include "examples/support/text/beam_search.h"

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
