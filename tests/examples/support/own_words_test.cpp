// What a model writes itself in training (support/own_words), over models that are tables.
#include "examples/support/own_words/scheduled_sampling.h"

#include <cmath>
#include <map>

#include "autograd/base/error.h"
#include "examples/support/own_words/risk.h"
#include "tests/catch.hpp"

using namespace heed;
using namespace heed::support;
using Catch::Approx;
using Ids = std::vector<int64_t>;

namespace {

// Words: 0 <pad>, 1 <s>, 2 </s>, then 3 .. 6. After a word w, p(v) is table[w][v]. Takes down what it was told.
class Bigrams : public StepModel {
 public:
  Bigrams() {
    Rng rng(4);
    for (auto& row : table) {
      double total = 0;
      for (double& p : row) total += p = rng.uniform();
      for (double& p : row) p /= total;
    }
  }
  Tensor step(const Ids& words) override {
    told.push_back(words);
    std::vector<double> scores;
    for (const int64_t word : words)
      for (const double p : table[static_cast<size_t>(word)]) scores.push_back(std::log(p));
    return Tensor::from(scores, {static_cast<int64_t>(words.size()), 7});
  }
  Tensor alpha() const override { return {}; }
  void select(const Ids& rows) override { kept.push_back(rows); }

  std::array<std::array<double, 7>, 7> table;
  std::vector<Ids> told, kept;
};

// <s> 3 4 5, <s> 6 and <s>, packed.
Packed three_texts() { return {Tensor::from(Ids{1, 1, 1, 3, 6, 4, 5}), {3, 2, 1, 1}, {0, 1, 2}}; }

// So many standard errors does a count of n lie from n p.
double errors_from(int64_t count, double p, int64_t n) {
  return std::abs(static_cast<double>(count) - p * static_cast<double>(n)) /
         std::sqrt(static_cast<double>(n) * p * (1 - p));
}

}  // namespace

TEST_CASE("the share of own words rises from epoch to epoch, or is there at once", "[own_words]") {
  const SamplingOptions rising{0.4, SamplingSchedule::linear}, at_once{0.4, SamplingSchedule::constant};
  CHECK(share_of_epoch(rising, 1, 5) == 0);
  CHECK(share_of_epoch(rising, 3, 5) == Approx(0.2));
  CHECK(share_of_epoch(rising, 5, 5) == 0.4);
  CHECK(share_of_epoch(rising, 1, 1) == 0.4);
  CHECK(share_of_epoch(at_once, 1, 5) == 0.4);
}

TEST_CASE("what is read next is the row of the step after", "[own_words]") {
  CHECK((read_next(three_texts()).to_ids() == Ids{3, 6, 2, 4, 2, 5, 2}));
}

TEST_CASE("own words take the place of right ones as often as they should, after what was read", "[own_words]") {
  Rng rng(1);
  Bigrams model;
  const Packed right = three_texts();
  CHECK(mix_own_words(model, right, 0, rng).to_ids() == right.rows.to_ids());
  CHECK((model.kept == std::vector<Ids>{{0, 1}, {0}}));  // the texts that go on
  constexpr int64_t times = 20000;
  int64_t kept = 0;
  std::map<std::pair<int64_t, int64_t>, int64_t> after;  // of the longest text's second and third word
  for (int64_t i = 0; i < times; ++i) {
    const Ids read = mix_own_words(model, right, 0.5, rng).to_ids();
    CHECK((read[0] == 1 && read[1] == 1 && read[2] == 1));
    for (size_t n = 3; n < read.size(); ++n) CHECK((read[n] > 2 && read[n] < 7));  // the texts go on
    kept += read[4] == 6;
    ++after[{read[3], read[5]}];
  }
  const auto p = [&](int64_t before, int64_t word) {  // without </s> and the like
    const auto& row = model.table[static_cast<size_t>(before)];
    return row[static_cast<size_t>(word)] / (row[3] + row[4] + row[5] + row[6]);
  };
  CHECK(errors_from(kept, 0.5 + 0.5 * p(1, 6), times) < 4);
  for (int64_t first = 3; first < 7; ++first)
    for (int64_t second = 3; second < 7; ++second) {
      const double of_first = 0.5 * (first == 3) + 0.5 * p(1, first);
      const double of_second = 0.5 * (second == 4) + 0.5 * p(first, second);
      CHECK(errors_from(after[{first, second}], of_first * of_second, times) < 4);
    }
}

TEST_CASE("the likeliest words are read and shown in texts as long as the right ones", "[own_words]") {
  Bigrams model;
  for (auto& row : model.table) row = {.1, .1, .5, .02, .02, .02, .02};  // </s>, but the texts go on
  model.table[1][5] = .2;
  model.table[5][4] = .2;
  std::vector<int64_t> shown;
  const Tensor read = likeliest_words(model, three_texts(), [&](int64_t first, const Tensor& scores) {
    shown.push_back(first * 10 + scores.size(0));
  });
  CHECK((read.to_ids() == Ids{1, 1, 1, 5, 5, 4, 3}));
  CHECK((shown == std::vector<int64_t>{3, 32, 51, 61}));
}

TEST_CASE("texts are drawn as the model has it, and the first rows are the likeliest", "[own_words]") {
  Bigrams model;
  constexpr size_t rows = 20000;
  Rng rng(2);
  const auto texts = write_texts(model, Ids(rows, 2), 1, rng);
  std::map<std::pair<Ids, bool>, int64_t> counts;
  for (size_t r = 1; r < rows; ++r) ++counts[{texts[r].words, texts[r].ended}];
  double total = 0;
  for (const auto& [text, count] : counts) {
    double p = 1;
    int64_t before = 1;
    for (const int64_t word : text.first)
      p *= model.table[static_cast<size_t>(before)][static_cast<size_t>(word)], before = word;
    if (text.second) p *= model.table[static_cast<size_t>(before)][2];
    CHECK(text.second == (text.first.size() < 2));  // two words are cut
    CHECK(errors_from(count, p, rows - 1) < 4.5);
    total += p;
  }
  CHECK(counts.size() == 1 + 6 + 36);
  CHECK(total == Approx(1));
  const auto& first = model.table[1];
  const int64_t likeliest = std::max_element(first.begin(), first.end()) - first.begin();
  CHECK((likeliest == 2 ? texts[0].ended : texts[0].words[0] == likeliest));
  model.table[3][3] = std::nan("");
  CHECK_THROWS_AS(write_texts(model, Ids(100, 9), 0, rng), Error);
}

TEST_CASE("texts are valued beside the likeliest one about the same input", "[own_words]") {
  Bigrams model;
  Rng rng(3);
  CHECK((rows_to_draw(2, 3) == Ids{0, 1, 0, 0, 0, 1, 1, 1}));
  const auto reward = [](int64_t about, const Ids& words) {
    return 10.0 * static_cast<double>(about) + static_cast<double>(words.size());
  };
  const Ids longest{4, 7};
  const auto texts = draw_valued(model, longest, 3, reward, rng);
  REQUIRE(texts.size() == 6);
  Rng same(3);
  const auto written = write_texts(model, {4, 7, 4, 4, 4, 7, 7, 7}, 2, same);
  int64_t about_second = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (i) CHECK(texts[i - 1].text.words.size() >= texts[i].text.words.size());
    about_second += texts[i].about;
    CHECK(static_cast<int64_t>(texts[i].text.words.size()) <= longest[static_cast<size_t>(texts[i].about)]);
    const size_t likeliest = written[static_cast<size_t>(texts[i].about)].words.size();
    CHECK(texts[i].advantage ==
          Approx(static_cast<double>(texts[i].text.words.size()) - static_cast<double>(likeliest)));
  }
  CHECK(about_second == 3);
}
