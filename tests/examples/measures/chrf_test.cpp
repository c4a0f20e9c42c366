// chrF against matches counted by hand.
#include "examples/support/measures/chrf.h"

#include "autograd/base/error.h"
#include "tests/catch.hpp"

using namespace heed::support;
using Catch::Approx;
using Counts = std::array<int64_t, 6>;

namespace {

Chrf of(const std::string& text, const std::vector<std::string>& references) {
  Chrf chrf;
  chrf.add(text, references);
  return chrf;
}

}  // namespace

TEST_CASE("chrF by hand", "[chrf]") {
  SECTION("a match, whatever the white space") {
    CHECK(of("a b cd", {"ab  c\td"}).score() == 1);
    CHECK(of("a\u00a0b", {"ab"}).matches == Counts{2, 1, 0, 0, 0, 0});
    CHECK(of("A", {"a"}).score() == 0);  // case matters
  }
  SECTION("the mean over the n that there are, and recall counts twice") {
    // P = R = (3/4 + 2/3 + 1/2 + 0/1) / 4
    const Chrf same_length = of("abcd", {"abce"});
    CHECK(same_length.matches == Counts{3, 2, 1, 0, 0, 0});
    CHECK(same_length.reference == Counts{4, 3, 2, 1, 0, 0});
    CHECK(same_length.score() == Approx((3.0 / 4 + 2.0 / 3 + 1.0 / 2) / 4));
    // P = 1, R = (2/3 + 1/2) / 2 = 7/12; n = 3 is not counted, as the hypothesis has none.
    CHECK(of("ab", {"abc"}).score() == Approx(7.0 / 11));
    // P = (2/7 + 1/6) / 2 = 19/84, R = 1.
    CHECK(of("abcdefg", {"ab"}).score() == Approx(95.0 / 160));
    CHECK(of("aa", {"ab"}).score() == Approx(0.25));
  }
  SECTION("n-grams for which the reference has none are not counted") {
    CHECK(of("abcdefg", {"ab"}).hypothesis == Counts{7, 6, 0, 0, 0, 0});
  }
  SECTION("matches are clipped") {
    CHECK(of("aaa", {"aa"}).matches == Counts{2, 1, 0, 0, 0, 0});
    CHECK(of("aa", {"aaa"}).matches == Counts{2, 1, 0, 0, 0, 0});
  }
  SECTION("characters are code points, not bytes") {
    CHECK(of("né", {"né"}).reference == Counts{2, 1, 0, 0, 0, 0});
    CHECK(of("é", {"è"}).score() == 0);  // although the first byte is the same
  }
  SECTION("of several references the best counts, the first of those as good") {
    CHECK(of("ab", {"xyz", "abc", "ab", "ab"}).score() == 1);
    CHECK(of("ab", {"xy", "uvw"}).reference == Counts{2, 1, 0, 0, 0, 0});
  }
  SECTION("nothing") {
    for (const char* text : {"", "b", " "}) CHECK(of(text, {"a"}).score() == 0);
    CHECK(of("a", {""}).score() == 0);
    CHECK(of("", {""}).score() == 0);
    CHECK(Chrf{}.score() == 0);
    CHECK_THROWS_WITH(of("a", {}), Catch::Matchers::ContainsSubstring("has no reference: 'a'"));
  }
}

TEST_CASE("chrF of a corpus is that of the sums, not the mean of sentences", "[chrf]") {
  const Chrf both = corpus_chrf({"ab", "abcdefg"}, {{"abc"}, {"ab"}});
  CHECK(both.matches == Counts{4, 2, 0, 0, 0, 0});
  CHECK(both.hypothesis == Counts{9, 7, 0, 0, 0, 0});
  CHECK(both.reference == Counts{5, 3, 1, 0, 0, 0});
  const double p = (4.0 / 9 + 2.0 / 7) / 2,
               r = (4.0 / 5 + 2.0 / 3) / 2;  // n = 3: nothing was counted as written
  CHECK(both.score() == Approx(5 * p * r / (4 * p + r)));
  CHECK_THROWS_AS(corpus_chrf({"a"}, {}), heed::Error);
}
