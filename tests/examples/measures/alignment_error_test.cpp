// AER and its relatives, by hand; and the way to them from packed weights.
#include "examples/support/measures/alignment_error.h"

#include <cmath>
#include <limits>

#include "autograd/base/error.h"
#include "examples/translate/evaluation/forced_alignment.h"
#include "tests/catch.hpp"

using namespace heed;
using namespace heed::support;
using Catch::Approx;

namespace {

// Words are tokens; the last column is </s>.
SoftAlignment words(size_t columns, std::vector<float> weights) {
  SoftAlignment alignment;
  alignment.columns = columns;
  for (size_t j = 0; j + 1 < columns; ++j) alignment.source_words.push_back(j);
  for (size_t i = 0; i < weights.size() / columns; ++i) alignment.target_words.push_back(i);
  alignment.weights = std::move(weights);
  return alignment;
}

double entropy(const std::vector<double>& p) {
  double sum = 0;
  for (const double x : p) sum -= x > 0 ? x * std::log(x) : 0;
  return sum;
}

}  // namespace

TEST_CASE("a target word is linked to the source word with the largest weight", "[aer]") {
  CHECK(links_of(words(4, {0.1F, 0.6F, 0.2F, 0.1F})) == WordLinks{{1, 0, true}});
  CHECK(links_of(words(4, {0.1F, 0.2F, 0.3F, 0.4F})).empty());                     // it is </s>
  CHECK(links_of(words(4, {0.4F, 0.1F, 0.4F, 0.1F})) == WordLinks{{0, 0, true}});  // the first of two
  CHECK(links_of(words(4, {0.1F, 0.1F, 0.4F, 0.4F})) == WordLinks{{2, 0, true}});  // also of a word and </s>
  CHECK(links_of(words(3, {0, 0, 0})).empty());
  CHECK(links_of(words(1, {1})).empty());
  CHECK(links_of(words(3, {0, 1, 0, 0, 1, 0})) == WordLinks{{1, 0, true}, {1, 1, true}});
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH(links_of(words(3, {nan, nan, nan})), Catch::Matchers::ContainsSubstring("NaN"));
}

TEST_CASE("AER, precision, recall, share and entropy by hand", "[aer]") {
  // Looks at 0, </s>, 2 and 0. A = {0-0, 2-2, 0-3}.
  const SoftAlignment looked =
      words(4, {0.6F, 0.2F, 0.1F, 0.1F, 0, 0.25F, 0.25F, 0.5F, 0, 0, 1, 0, 0.7F, 0, 0, 0.3F});
  const WordLinks gold = {{0, 0, true}, {1, 1, true}, {2, 1, false}, {2, 2, false}};
  AlignmentScore score;
  score.add(looked, gold);
  CHECK(score.found == 3);           // target word 1 has none
  CHECK(score.sure == 2);            // 0-0 and 1-1
  CHECK(score.found_sure == 1);      // 0-0
  CHECK(score.found_possible == 2);  // and 2-2; 0-3 is wrong
  CHECK(score.error_rate() == Approx(1 - 3.0 / 5));
  CHECK(score.precision() == Approx(2.0 / 3));
  CHECK(score.recall() == Approx(1.0 / 2));
  // Words 0, 1 and 2 have links; on them lie 0.6, 0.5 and 1 of 3.
  CHECK(score.right_share() == Approx(2.1 / 3));
  CHECK(score.mean_entropy() ==
        Approx((entropy({0.6, 0.2, 0.1, 0.1}) + entropy({0.25, 0.25, 0.5}) + entropy({0.7, 0.3})) / 4));
  CHECK(score.tokens == 4);

  AlignmentScore nothing;
  nothing.add(looked, {});
  CHECK(nothing.sentences == 0);
  CHECK(nothing.tokens == 0);
  for (const double x :
       {nothing.error_rate(), nothing.precision(), nothing.recall(), nothing.right_share(), nothing.mean_entropy()})
    CHECK(std::isnan(x));
  nothing += score;
  nothing += score;
  CHECK(nothing.sentences == 2);
  CHECK(nothing.error_rate() == Approx(score.error_rate()));
}

TEST_CASE("a perfect alignment has no error, a wrong one nothing else", "[aer]") {
  AlignmentScore right, wrong;
  right.add(words(3, {1, 0, 0, 0, 1, 0}), {{0, 0, true}, {1, 1, true}});
  CHECK(right.error_rate() == 0);
  CHECK(right.right_share() == 1);
  wrong.add(words(3, {0, 1, 0, 1, 0, 0}), {{0, 0, true}, {1, 1, true}});
  CHECK(wrong.error_rate() == 1);
  CHECK(wrong.recall() == 0);
}

TEST_CASE("pieces stand for their words", "[aer]") {
  SoftAlignment alignment = words(4, {0, 0.9F, 0.1F, 0, 0.4F, 0.3F, 0.3F, 0, 0, 0, 1, 0});
  alignment.source_words = {0, 1, 1};  // the second word is two pieces
  alignment.target_words = {0, 0, 1};  // so is the first
  CHECK(links_of(alignment) == WordLinks{{0, 0, true}, {1, 0, true}, {1, 1, true}});
  AlignmentScore score;
  score.add(alignment, {{1, 0, true}, {1, 1, true}});
  CHECK(score.found == 3);
  CHECK(score.found_sure == 2);
  CHECK(score.right_share() == Approx((1 + 0.6 + 1) / 3));  // pieces of a right word add up
}

TEST_CASE("weights that do not sum to 1, as of a local window, are scaled", "[aer]") {
  AlignmentScore score;
  score.add(words(3, {0.2F, 0.1F, 0.1F, 0, 0, 0}), {{0, 0, true}, {0, 1, true}});
  CHECK(score.mean_entropy() == Approx(entropy({0.5, 0.25, 0.25}) / 2));
  CHECK(score.right_share() == Approx(0.5));
  CHECK(score.recall() == Approx(0.5));
}

// Any alignment can be judged: here one that knows the order of a packed batch. Sentences have different
// lengths, so that rows must be found by step and sentence.
TEST_CASE("an alignment of a packed batch is taken apart by sentences", "[aer]") {
  const std::vector<std::pair<int, int>> lengths = {{2, 3}, {5, 1}, {4, 4}, {3, 3}, {1, 2}};
  translate::TokenPairs pairs;
  std::vector<WordLinks> gold;
  for (const auto& [source, target] : lengths) {
    pairs.sources.emplace_back(source, 5);
    pairs.targets.emplace_back(target, 6);
    for (auto* words_of : {&pairs.source_words, &pairs.target_words}) {
      words_of->emplace_back();
      for (int i = 0; i < (words_of == &pairs.source_words ? source : target); ++i)
        words_of->back().push_back(static_cast<size_t>(i));
    }
    gold.emplace_back();
    for (int i = 0; i < std::min(source, target); ++i) gold.back().push_back({i, i, true});
  }
  gold[3].clear();
  // Target word t looks at source word t; beyond the source it looks at </s>.
  const auto diagonal = [](const translate::Batch& batch) {
    std::vector<float> weights;
    const int64_t width = batch.mask->width;
    for (size_t t = 0; t < batch.target_out.active.size(); ++t)
      for (int64_t b = 0; b < batch.target_out.active[t]; ++b) {
        std::vector<float> row(static_cast<size_t>(width));
        const int64_t last = batch.mask->lengths[static_cast<size_t>(b)] - 1;
        row[static_cast<size_t>(std::min<int64_t>(static_cast<int64_t>(t), last))] = 1;
        weights.insert(weights.end(), row.begin(), row.end());
      }
    return Tensor::from(weights, {static_cast<int64_t>(weights.size()) / width, width});
  };
  ThreadPool one(1), two(2);
  const auto scores = translate::score_alignments(diagonal, pairs, gold, one);
  const auto again = translate::score_alignments(diagonal, pairs, gold, two);
  REQUIRE(scores.size() == 5);
  for (size_t i = 0; i < scores.size(); ++i) {
    INFO(i);
    CHECK(scores[i].sentences == (i == 3 ? 0 : 1));
    CHECK(scores[i].found == static_cast<int64_t>(gold[i].size()));
    CHECK(scores[i].found_sure == scores[i].sure);
    CHECK(scores[i].tokens == (i == 3 ? 0 : lengths[i].second));
    CHECK(again[i].right == scores[i].right);
  }
  CHECK(scores[0].entropy == 0);
}
