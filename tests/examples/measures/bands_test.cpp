// The bootstrap, and figures by length.
#include <cmath>
#include <nlohmann/json.hpp>

#include "autograd/base/error.h"
#include "autograd/base/rng.h"
#include "examples/support/measures/bands/by_length.h"
#include "tests/catch.hpp"

using namespace heed;
using namespace heed::support;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using Numbers = std::vector<int64_t>;

namespace {

// Of tries, how many went well.
struct Share {
  double well = 0, tries = 0;
  Share& operator+=(const Share& other) {
    well += other.well;
    tries += other.tries;
    return *this;
  }
};
double share(const Share& s) { return s.well / s.tries; }

std::vector<Share> coins(size_t count, uint64_t seed) {
  Rng rng(seed);
  std::vector<Share> all;
  for (size_t i = 0; i < count; ++i) all.push_back({static_cast<double>(rng.below(2)), 1});
  return all;
}

// Sentences of two lengths, of which the long ones are translated badly.
JudgedSentences two_lengths(const std::string& long_one) {
  JudgedSentences judged;
  for (int i = 0; i < 20; ++i) {
    judged.add(4, "a b c d", {"a b c d"});
    judged.add(12, i % 2 ? "a b c d e" : long_one, {"a b c d e"});
  }
  return judged;
}

}  // namespace

TEST_CASE("the band is the middle 95 % of the draws", "[bands]") {
  std::vector<double> figures;
  for (int i = 1000; i > 0; --i) figures.push_back(i);
  CHECK(band_of(figures).low == 26);
  CHECK(band_of(figures).high == 975);
  CHECK(band_of({3}).low == 3);
  const double nan = std::nan("");
  CHECK(band_of({nan, 2, nan}).high == 2);
  CHECK(std::isnan(band_of({nan}).low));
  CHECK(std::isnan(band_of({}).high));
}

TEST_CASE("the bootstrap draws the same each time, and is about as wide as theory has it", "[bands]") {
  const std::vector<Share> all = coins(400, 3);
  const Band band = bootstrap(all, share), again = bootstrap(all, share);
  CHECK(band.low == again.low);
  CHECK(band.high == again.high);
  CHECK(bootstrap(all, share, {.seed = 2}).low != band.low);
  const double p = share(sum_of(all)), error = std::sqrt(p * (1 - p) / 400);
  CHECK(band.low == Approx(p - 1.96 * error).margin(0.3 * error));
  CHECK(band.high == Approx(p + 1.96 * error).margin(0.3 * error));
  const std::vector<Share> sure(10, Share{1, 2});
  CHECK(bootstrap(sure, share).low == 0.5);
  CHECK(bootstrap(sure, share).high == 0.5);
  // Those of a sample of one are that sample.
  CHECK(bootstrap(std::vector<Share>{{1, 4}}, share).low == 0.25);
}

TEST_CASE("two models are compared on the same draws", "[bands]") {
  const std::vector<Share> a = coins(200, 5);
  const Difference none = paired_bootstrap(a, a, share);
  CHECK(none.value == 0);
  CHECK(none.band.low == 0);
  CHECK(none.band.high == 0);
  CHECK(none.p == 1);
  // Better by a little on every sentence: alone the bands overlap by far, paired it is sure.
  std::vector<Share> better = a;
  for (Share& s : better) s.well += 0.01;
  const Difference little = paired_bootstrap(better, a, share);
  CHECK(little.value == Approx(0.01));
  CHECK(little.band.low == Approx(0.01));
  CHECK(little.p == Approx(1.0 / 1001));
  CHECK(bootstrap(a, share).high > bootstrap(better, share).low);
  CHECK(paired_bootstrap(a, better, share).value == Approx(-0.01));
  // Two strangers of the same kind do not differ for sure.
  CHECK(paired_bootstrap(a, coins(200, 6), share).p > 0.05);
}

TEST_CASE("sentences are put into bins by their length", "[bands]") {
  const auto bins = bins_of({1, 10, 11, 35, 31, 30}, {10, 20, 30});
  REQUIRE(bins.size() == 4);
  CHECK(bins[0].sentences == std::vector<size_t>{0, 1});
  CHECK(bins[1].sentences == std::vector<size_t>{2});
  CHECK(bins[2].sentences == std::vector<size_t>{5});
  CHECK(bins[3].sentences == std::vector<size_t>{3, 4});
  CHECK(bins[1].name() == "11-20");
  CHECK(bins[3].name() == "31 and more");
  CHECK(bins_of({1, 30}, {10, 20, 30}).size() == 3);
  CHECK(bins_of({0, 2}, {1})[0].sentences.size() == 1);
}

TEST_CASE("usual bins fit the data", "[bands]") {
  Numbers up_to_60, short_ones;
  for (int i = 3; i <= 60; ++i) up_to_60.push_back(i);
  CHECK(usual_ends(up_to_60) == Numbers{10, 20, 30, 40, 50, 60});
  CHECK(usual_ends({3, 3, 3}) == Numbers{1, 2, 3});
  CHECK(usual_ends({1}) == Numbers{1});
  CHECK(usual_ends({}).empty());
  Numbers with_outlier(199, 12);
  with_outlier.push_back(5000);
  CHECK(usual_ends(with_outlier) == Numbers{2, 4, 6, 8, 10, 12});
  CHECK(bins_of(with_outlier, usual_ends(with_outlier)).back().name() == "13 and more");
  CHECK(usual_ends({400}).size() == 8);
  CHECK(read_ends("10,20,30") == Numbers{10, 20, 30});
  for (const char* wrong : {"", "10,", ",10", "10,10", "20,10", "0,10", "-1", "10 20", "10,x", "1.5"})
    CHECK_THROWS_WITH(read_ends(wrong), ContainsSubstring("'" + std::string(wrong) + "' was given"));
}

TEST_CASE("figures by length are those of the sentences in the bin", "[bands]") {
  const JudgedSentences good = two_lengths("a b c d e"), bad = two_lengths("a b c d x");
  const auto bins = bins_of(bad.length, {5, 10, 15});
  const auto rows = length_json(bad, bins, &good);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0]["from"] == 1);
  CHECK(rows[0]["to"] == 5);
  CHECK(rows[0]["sentences"] == 20);
  CHECK(rows[0]["words"] == 4);
  CHECK(rows[0]["bleu"] == Approx(100));
  CHECK(rows[0]["bleu_low"] == Approx(100));
  CHECK(rows[0]["bleu_difference"]["value"] == 0);
  CHECK(rows[1]["sentences"] == 0);
  CHECK(std::isnan(rows[1]["bleu"].get<double>()));
  CHECK(nlohmann::json::parse(rows.dump())[1]["bleu"].is_null());
  CHECK_FALSE(rows[1].contains("bleu_difference"));
  // 90 of 100 words, 70 of 80, 50 of 60, 30 of 40 n-grams.
  const double bleu = 100 * std::pow(0.9 * 70 / 80 * 50 / 60 * 0.75, 0.25);
  CHECK(rows[2]["bleu"] == Approx(bleu));
  CHECK(rows[2]["bleu_low"] < bleu);
  CHECK(rows[2]["bleu_high"] > bleu);
  CHECK(rows[2]["bleu_difference"]["value"] == Approx(bleu - 100));
  CHECK(rows[2]["bleu_difference"]["p"] < 0.05);
  CHECK_FALSE(rows[2].contains("aer"));
  CHECK(length_json(bad, bins).dump() == length_json(bad, bins).dump());
  const std::string table = length_table(bad, bins, &good);
  for (const char* text : {"1-5         20  100.00 [100.00, 100.00]", "6-10          0  -", "11-15         20",
                           "all         40", "difference to the other run"})
    CHECK_THAT(table, ContainsSubstring(text));
}

TEST_CASE("AER by length leaves out what has no gold links", "[bands]") {
  JudgedSentences judged = two_lengths("a b c d e");
  judged.alignment.resize(judged.length.size());
  for (size_t i = 0; i < judged.length.size(); i += 4) {  // only of short ones
    judged.alignment[i].found = judged.alignment[i].sure = 4;
    judged.alignment[i].found_sure = judged.alignment[i].found_possible = 3;
  }
  const auto rows = length_json(judged, bins_of(judged.length, {5, 15}));
  CHECK(rows[0]["aer"] == Approx(0.25));
  CHECK(rows[0]["aer_low"] == Approx(0.25));
  CHECK(std::isnan(rows[1]["aer"].get<double>()));
  CHECK(std::isnan(rows[1]["aer_low"].get<double>()));
}
