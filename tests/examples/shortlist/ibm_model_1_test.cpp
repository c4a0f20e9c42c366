#include "examples/support/text/alignments/ibm_model_1.h"

#include "autograd/base/error.h"
#include "tests/catch.hpp"

namespace heed::support {
namespace {

// das haus / the house; das buch / the book; ein buch / a book.
enum Source { das, haus, buch, ein };
enum Target { the, house, book, a };
const IbmModel1::Sentences sources{{das, haus}, {das, buch}, {ein, buch}},
    targets{{the, house}, {the, book}, {a, book}};

}  // namespace

// Each target of "das haus" is at first one of three as likely sources: das, haus, NULL. So t(house | das) = 1/3 of a
// count; t(the | das) has two of them, t(book | das) one.
TEST_CASE("one round of IBM model 1 is what one computes by hand", "[ibm1]") {
  const IbmModel1 start(sources, targets, 4, 0), once(sources, targets, 4, 1);
  CHECK(start.probability(das, the) == Catch::Approx(1.0 / 3));
  CHECK(start.probability(haus, house) == Catch::Approx(1.0 / 2));
  CHECK(start.probability(start.null_word(), a) == Catch::Approx(1.0 / 4));
  // In "das haus": t(the | das) / (t(the | das) + t(the | haus) + t(the | NULL)), and so on.
  const double by_haus = (1.0 / 3) / (1.0 / 3 + 1.0 / 2 + 1.0 / 4),
               by_buch = (1.0 / 3) / (1.0 / 3 + 1.0 / 3 + 1.0 / 4);
  CHECK(once.probability(das, the) == Catch::Approx((by_haus + by_buch) / (2 * by_haus + 2 * by_buch)));
}

TEST_CASE("IBM model 1 finds the words that stand for each other", "[ibm1]") {
  const IbmModel1 model(sources, targets, 4, 50);
  CHECK(model.likeliest(das, 1) == std::vector<int64_t>{the});
  CHECK(model.likeliest(haus, 1) == std::vector<int64_t>{house});
  CHECK(model.likeliest(buch, 1) == std::vector<int64_t>{book});
  CHECK(model.likeliest(ein, 1) == std::vector<int64_t>{a});
  CHECK(model.likeliest(das, 9).size() == 3);
  CHECK(model.likeliest(das, 0).empty());
  CHECK(model.probability(ein, house) == 0);
  for (const int64_t source : {0, 1, 2, 3, 4}) {
    double sum = 0;
    for (const int64_t target : {the, house, book, a}) sum += model.probability(source, target);
    CHECK(sum == Catch::Approx(1));
  }
}

TEST_CASE("IBM model 1 bears what is empty, and refuses what is no pair", "[ibm1]") {
  const IbmModel1 nothing({}, {}, 2);
  CHECK(nothing.likeliest(1, 5).empty());
  const IbmModel1 gaps({{0}, {}, {1}}, {{}, {0}, {1}}, 2);
  CHECK(gaps.likeliest(0, 5).empty());
  CHECK(gaps.likeliest(1, 5) == std::vector<int64_t>{1});
  CHECK_THROWS_WITH(IbmModel1({{0}}, {}, 2), Catch::Contains("1 sources and 0 targets"));
}

}  // namespace heed::support
