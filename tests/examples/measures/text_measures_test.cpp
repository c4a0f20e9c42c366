// METEOR, ROUGE-L and CIDEr-D against values worked by hand from their formulas.
#include <algorithm>
#include <cmath>
#include <functional>

#include "autograd/base/error.h"
#include "examples/support/measures/bleu.h"
#include "examples/support/measures/cider.h"
#include "examples/support/measures/meteor.h"
#include "examples/support/measures/rouge.h"
#include "examples/support/measures/stemmer.h"
#include "examples/support/text/splitmix.h"
#include "examples/support/text/text.h"
#include "tests/catch.hpp"

using namespace heed::support;
using Catch::Approx;
using Strings = std::vector<std::string>;
using Lists = std::vector<Strings>;

namespace {

Meteor meteor(const std::string& hypothesis, const Strings& references) {
  return corpus_meteor({hypothesis}, {references});
}

double rouge(const std::string& hypothesis, const Strings& references) {
  return corpus_rouge_l({hypothesis}, {references});
}

std::string random_sentence(SplitMix& random, int most, int words) {
  Strings sentence;
  for (int n = random.below(most + 1); n > 0; --n) {
    sentence.push_back(std::string(1, static_cast<char>('p' + random.below(words))));
  }
  return join_words(sentence);
}

// The most matches and the fewest chunks, by trying every alignment.
std::pair<int, int> try_all(const Strings& hypothesis, const Strings& reference) {
  std::pair<int, int> best{0, 0};
  std::vector<bool> taken(reference.size());
  const std::function<void(size_t, int, int, int)> go = [&](size_t i, int last, int matches, int chunks) {
    if (i == hypothesis.size()) {
      best = std::max(best, {matches, -chunks});
      return;
    }
    go(i + 1, -1, matches, chunks);
    for (size_t j = 0; j < reference.size(); ++j) {
      if (taken[j] || hypothesis[i] != reference[j]) continue;
      taken[j] = true;
      const bool joined = last >= 0 && static_cast<int>(j) == last + 1;
      go(i + 1, static_cast<int>(j), matches + 1, chunks + !joined);
      taken[j] = false;
    }
  };
  go(0, -1, 0, 0);
  return best;
}

}  // namespace

TEST_CASE("METEOR by hand") {
  SECTION("three chunks of six words") {
    const Meteor score = meteor("the cat sat on the mat", {"on the mat sat the cat"});
    CHECK(score.exact == 6);
    CHECK(score.chunks == 3);
    CHECK(score.score() == Approx(1 - 0.6 * std::pow(0.5, 0.2)));
  }
  SECTION("precision and recall differ") {
    // P = 2/2, R = 2/4, F = 0.5 / (0.85 + 0.075), one chunk of two words.
    CHECK(meteor("a dog", {"a dog runs fast"}).score() == Approx(0.5 / 0.925 * (1 - 0.6 * std::pow(0.5, 0.2))));
  }
  SECTION("the fewest chunks, not the first match") {
    CHECK(meteor("a cat and a dog", {"a dog and a cat"}).chunks == 3);
  }
  SECTION("a perfect sentence has no chunks to be punished for, alone or in a corpus") {
    CHECK(meteor("a dog runs", {"a dog runs"}).score() == 1);
    const Meteor both = corpus_meteor({"a dog runs", "a dog"}, {{"a dog runs"}, {"a dog runs fast"}});
    CHECK(both.exact == 5);
    CHECK(both.chunks == 1);
    // P = 5/5, R = 5/7.
    CHECK(both.score() == Approx(5.0 / 7 / (0.85 + 0.15 * 5 / 7) * (1 - 0.6 * std::pow(1.0 / 5, 0.2))));
  }
  SECTION("the best reference counts, its length too") {
    const Meteor score = meteor("a dog runs", {"two cats", "a dog runs fast", "a dog sleeps there"});
    CHECK(score.exact == 3);
    CHECK(score.ref_len == 4);
  }
  SECTION("nothing said, nothing in common") {
    CHECK(meteor("", {"a"}).score() == 0);
    CHECK(meteor("a", {""}).score() == 0);
    CHECK(meteor("a", {"b"}).score() == 0);
    CHECK(corpus_meteor({}, {}).score() == 0);
  }
}

TEST_CASE("METEOR matches stems, where it can") {
  const Meteor score = meteor("dogs run", {"a dog runs"});
  CHECK(score.exact == 0);
  if (!Stemmer::available()) {
    WARN("skipped: this build has no libstemmer");
    CHECK(score.stem == 0);
    return;
  }
  CHECK(score.stem == 2);
  CHECK(score.chunks == 1);
  // P = 1.2 / 2, R = 1.2 / 3.
  CHECK(score.score() == Approx(0.24 / (0.85 * 0.6 + 0.15 * 0.4) * (1 - 0.6 * std::pow(0.5, 0.2))));
  const Meteor choice = meteor("the dogs", {"the dog dogs"});
  CHECK(choice.exact == 1);  // fewer chunks go before exactness, as the paper has it
  CHECK(choice.chunks == 1);
  const Meteor exact = meteor("dogs", {"dog dogs"});
  CHECK(exact.exact == 1);
  const Stemmer stem;
  CHECK(stem("running") == "run");
  CHECK(stem("") == "");
}

TEST_CASE("METEOR's alignments are the best there are") {
  SplitMix random(3);
  for (int i = 0; i < 400; ++i) {
    const std::string hypothesis = random_sentence(random, 6, 3), reference = random_sentence(random, 6, 3);
    INFO("'" << hypothesis << "' against '" << reference << "'");
    const Meteor score = meteor(hypothesis, {reference});
    const auto [matches, minus_chunks] = try_all(split_words(hypothesis), split_words(reference));
    CHECK(score.exact + score.stem == matches);
    CHECK(score.chunks == (hypothesis == reference ? 0 : -minus_chunks));
  }
}

TEST_CASE("METEOR of babble ends") {
  std::string babble;
  for (int i = 0; i < 30; ++i) babble += i % 3 ? "a " : "b ";
  CHECK(meteor(babble, {babble + "c " + babble}).exact == 30);
}

TEST_CASE("ROUGE-L by hand") {
  CHECK(rouge("a dog runs", {"a big dog barks and runs"}) == Approx(2.44 * 0.5 / (0.5 + 1.44)));
  // The best precision is of the first reference, the best recall of the second.
  CHECK(rouge("a b c d", {"a b x y z w", "a"}) == Approx(2.44 * 0.5 / (1 + 1.44 * 0.5)));
  CHECK(rouge("b a", {"a b"}) == Approx(0.5));  // order counts
  CHECK(rouge("a b c", {"a b c"}) == 1);
  CHECK(rouge("", {"a"}) == 0);
  CHECK(rouge("a", {""}) == 0);
  CHECK(corpus_rouge_l({"a", "a"}, {{"a"}, {"b"}}) == Approx(0.5));
}

TEST_CASE("CIDEr-D by hand") {
  SECTION("words of every picture weigh nothing, others log 2") {
    // The first is perfect. Of the second's 1-grams two of three match, of its 2-grams one, of others none.
    CHECK(corpus_cider_d({"a b c d", "a x c z"}, {{"a b c d"}, {"a x y z"}}) ==
          Approx(10 * (1 + (2.0 / 3 + 1.0 / 3) / 4) / 2));
  }
  SECTION("repeating a word earns nothing") {
    CHECK(corpus_cider_d({"b b", "x y"}, {{"b c"}, {"x y"}}) ==
          Approx(10 * (1 / (2 * std::sqrt(2.0)) / 4 + 0.5) / 2));
  }
  SECTION("another length is punished") {
    CHECK(corpus_cider_d({"b c", "x y z"}, {{"b c"}, {"x y"}}) ==
          Approx(10 * (0.5 + (2 / std::sqrt(6.0) + 1 / std::sqrt(2.0)) / 4 * std::exp(-1.0 / 72)) / 2));
  }
  SECTION("the mean over references, and a picture counts once however many of its references have a word") {
    CHECK(corpus_cider_d({"a b c d", "x"}, {{"a b c d", "q"}, {"y", "a"}}) ==
          Approx(10 * 0.5 * (1 + 0) / 2).epsilon(1e-12));
  }
  SECTION("nothing to tell apart") {
    CHECK(corpus_cider_d({"a b c d"}, {{"a b c d"}}) == 0);
    CHECK(corpus_cider_d({}, {}) == 0);
    CHECK(corpus_cider_d({"", "a"}, {{"b"}, {""}}) == 0);
  }
}

TEST_CASE("measures of captions: what holds for all of them") {
  SplitMix random(11);
  Strings hypotheses;
  Lists references, reversed, own;
  for (int i = 0; i < 30; ++i) {
    hypotheses.push_back(random_sentence(random, 8, 6) + " x y z " + std::to_string(i));
    references.emplace_back();
    for (int k = 0; k < 4; ++k) references.back().push_back(random_sentence(random, 8, 6) + " x");
    reversed.push_back({references.back().rbegin(), references.back().rend()});
    own.push_back({hypotheses.back()});
  }
  const auto check = [&](auto score, double best) {
    const double some = score(hypotheses, references);
    CHECK(some > 0);
    CHECK(some < best);
    CHECK(score(hypotheses, reversed) == Approx(some).epsilon(1e-12));
    CHECK(score(hypotheses, own) == Approx(best).epsilon(1e-12));
    CHECK_THROWS_AS(score(Strings{"a", "b"}, Lists{{"a"}}), heed::Error);
    CHECK_THROWS_AS(score(Strings{"a"}, Lists{{}}), heed::Error);
  };
  check([](const Strings& h, const Lists& r) { return corpus_bleu(h, r).score(1); }, 1);
  check([](const Strings& h, const Lists& r) { return corpus_meteor(h, r).score(); }, 1);
  check([](const Strings& h, const Lists& r) { return corpus_rouge_l(h, r); }, 1);
  check([](const Strings& h, const Lists& r) { return corpus_cider_d(h, r); }, 10);
}

TEST_CASE("CIDEr-D of single hypotheses, in the mean, is that of the set") {
  const Lists references{{"a dog runs fast", "the dog is fast"}, {"a cat sleeps"}, {"a red bird", "one bird sings"}};
  const Strings hypotheses{"a dog is fast", "a cat sleeps", "a dog"};
  const CiderD measure(references);
  double mean = 0;
  for (size_t i = 0; i < 3; ++i) mean += measure.of(hypotheses[i], i) / 3;
  CHECK(mean == Approx(corpus_cider_d(hypotheses, references)).epsilon(1e-12));
  CHECK(measure.of("a cat sleeps", 1) > measure.of("a cat", 1));
  CHECK(measure.of("a cat sleeps", 0) < 1);
  CHECK(measure.of("", 1) == 0);
}
