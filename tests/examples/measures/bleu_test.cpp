#include "examples/support/measures/bleu.h"

#include "autograd/base/error.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

#include <nlohmann/json.hpp>

#include <cmath>

using namespace heed::support;
using Strings = std::vector<std::string>;

TEST_CASE("BLEU by hand") {
  SECTION("a match") {
    const Bleu bleu = corpus_bleu(Strings{"a b c d e"}, Strings{"a b c d e"});
    CHECK(bleu.score() == 1.0);
    CHECK(bleu.line() == "BLEU = 100.00, 100.0/100.0/100.0/100.0 (BP=1.000, ratio=1.000, hyp_len=5, ref_len=5)");
  }
  SECTION("counts are clipped by the reference that has most, not by their sum") {
    const Bleu bleu = corpus_bleu(Strings{"the the the"}, std::vector<Strings>{{"the cat", "the dog the"}});
    CHECK(bleu.correct == std::array<int64_t, 4>{2, 0, 0, 0});
    CHECK(bleu.total == std::array<int64_t, 4>{3, 2, 1, 0});
    CHECK(bleu.precision(1) == Catch::Approx(2.0 / 3));
    CHECK(bleu.score() == 0.0);
  }
  SECTION("counts are summed over sentences before they are divided") {
    // 1-grams 5 of 6, 2-grams 3 of 4, 3-grams 1 of 2, no 4-grams.
    const Bleu bleu = corpus_bleu(Strings{"a b c", "d e x"}, Strings{"a b c", "d e f"});
    CHECK(bleu.correct == std::array<int64_t, 4>{5, 3, 1, 0});
    CHECK(bleu.total == std::array<int64_t, 4>{6, 4, 2, 0});
    CHECK(bleu.score(3) == Catch::Approx(std::cbrt(5.0 / 6 * 3 / 4 * 1 / 2)));
  }
  SECTION("brevity, with the shorter of two equally close references") {
    const Bleu bleu = corpus_bleu(Strings{"a b c"}, std::vector<Strings>{{"a b c d", "a b"}});
    CHECK(bleu.ref_len == 2);
    CHECK(bleu.brevity_penalty() == 1.0);
    CHECK(corpus_bleu(Strings{"a b"}, Strings{"a b c"}).brevity_penalty() == Catch::Approx(std::exp(1 - 3.0 / 2)));
  }
  SECTION("nothing said, nothing asked") {
    CHECK(corpus_bleu(Strings{""}, Strings{"a"}).score(1) == 0.0);
    CHECK(corpus_bleu(Strings{""}, Strings{""}).line() == "BLEU = 0, 0/0/0/0 (BP=0, ratio=0, hyp_len=0, ref_len=0)");
  }
}

TEST_CASE("a BLEU of 0 says why") {
  const auto why = [](const char* hypothesis, const char* reference) {
    const Bleu bleu = corpus_bleu(Strings{hypothesis}, Strings{reference});
    CHECK((bleu.score() == 0) == !bleu.why_zero().empty());
    return bleu.why_zero();
  };
  CHECK(why("a b c d e", "a b c d f").empty());
  CHECK(why("a b c x d", "a b c d e") == ", no 4-gram matches");
  CHECK(why("a b", "a b") == ", no 4-gram matches: no sentence has 4 words");
  CHECK(why("", "a b") == ", no 4-gram matches: nothing was written");
  CHECK(why("a b", "") == ", there is no word to compare with");
}

TEST_CASE("BLEU refuses what it cannot count") {
  CHECK_THROWS_AS(corpus_bleu(Strings{"a", "b"}, Strings{"a"}), heed::Error);
  CHECK_THROWS_AS(corpus_bleu(Strings{"a"}, std::vector<Strings>{{}}), heed::Error);
  CHECK_THROWS_AS(corpus_bleu(Strings{"a"}, Strings{"a"}).precision(5), heed::Error);
  CHECK_THROWS_AS(corpus_bleu(Strings{"a"}, Strings{"a"}).score(0), heed::Error);
}

TEST_CASE("the smoothed BLEU of a sentence") {
  const auto of = [](const char* hypothesis, const char* reference) {
    Bleu bleu;
    bleu.add(hypothesis, {reference});
    return bleu.smoothed();
  };
  CHECK(of("a b c d e", "a b c d e") == Catch::Approx(1));
  CHECK(of("a", "a") == Catch::Approx(1));
  // 4 of 5 words, 3 of 4 pairs, 2 of 3 and 1 of 2.
  CHECK(of("a b c d x", "a b c d e") == Catch::Approx(std::pow(0.8 * (4.0 / 5) * (3.0 / 4) * (2.0 / 3), 0.25)));
  CHECK(of("a x y z", "a b c d") == Catch::Approx(std::pow(0.25 * (1.0 / 4) * (1.0 / 3) * (1.0 / 2), 0.25)));
  CHECK(of("a b", "a b c d") == Catch::Approx(std::exp(1 - 4.0 / 2)));
  CHECK(of("x y", "a b") == 0);
  CHECK(of("", "a b") == 0);
}

TEST_CASE("BLEU of the reference cases") {
  const auto path = heed::tests::find_data("../golden/metrics__bleu.json");
  if (!path) return;
  std::ifstream file(*path);
  const auto cases = nlohmann::json::parse(file)["cases"];
  REQUIRE(cases.size() >= 27);
  for (const auto& golden : cases) {
    INFO(golden["name"].get<std::string>());
    const auto& expected = golden["expected"];
    const Bleu bleu =
        corpus_bleu(golden["hypotheses"].get<Strings>(), golden["references"].get<std::vector<Strings>>());
    CHECK(bleu.correct == expected["correct"].get<std::array<int64_t, 4>>());
    CHECK(bleu.total == expected["total"].get<std::array<int64_t, 4>>());
    CHECK(bleu.hyp_len == expected["hyp_len"].get<int64_t>());
    CHECK(bleu.ref_len == expected["ref_len"].get<int64_t>());
    CHECK(std::abs(bleu.brevity_penalty() - expected["brevity_penalty"].get<double>()) < 1e-12);
    for (int n = 1; n <= 4; ++n) {
      CHECK(std::abs(bleu.precision(n) - expected["precisions"][static_cast<size_t>(n - 1)].get<double>()) < 1e-12);
      CHECK(std::abs(bleu.score(n) - expected["bleu" + std::to_string(n)].get<double>()) < 1e-12);
    }
    CHECK(bleu.line() == expected["multi_bleu_line"].get<std::string>());
  }
}
