#include "autograd/base/rng.h"

#include <cmath>
#include <map>
#include <numeric>

#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

namespace {

// Pearson's sum for equally likely outcomes.
double chi_square(const std::vector<int64_t>& counts, int64_t draws) {
  const double expected = static_cast<double>(draws) / static_cast<double>(counts.size());
  double total = 0;
  for (int64_t count : counts) total += std::pow(static_cast<double>(count) - expected, 2) / expected;
  return total;
}

double mean_of(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

}  // namespace

TEST_CASE("Rng gives the published sequence of SplitMix64") {
  Rng rng(Rng::State{0, 0x9e3779b97f4a7c15, 0});
  CHECK(rng.bits() == 0xe220a8397b1dcdafu);
  CHECK(rng.bits() == 0x6e789e6aa1b965f4u);
  CHECK(rng.bits() == 0x06c45d188009454fu);
}

TEST_CASE("Rng continues from its state, and copies go their own ways") {
  Rng rng(42);
  for (int i = 0; i < 5; ++i) rng.bits();
  Rng restored(rng.state()), copy = rng;
  const uint64_t next = rng.bits();
  CHECK(restored.bits() == next);
  CHECK(copy.bits() == next);
  CHECK_THROWS_WITH(Rng(Rng::State{1, 2, 3}), ContainsSubstring("damaged"));
}

TEST_CASE("Rng streams differ by seed and by every key on the way") {
  std::map<uint64_t, int> seen;
  for (uint64_t seed = 0; seed < 50; ++seed) ++seen[Rng(seed).bits()];
  const Rng rng(0);
  for (uint64_t a = 0; a < 50; ++a) ++seen[rng.split(a).bits()];
  for (uint64_t a = 0; a < 20; ++a)
    for (uint64_t b = 0; b < 20; ++b) ++seen[rng.split(a).split(b).bits()];
  CHECK(seen.size() == 50 + 50 + 400);
  Rng moved(0);
  moved.bits();
  CHECK(moved.split(3).bits() == rng.split(3).bits());
}

TEST_CASE("Rng::none draws zeros, and so do its streams") {
  Rng none = Rng::none();
  for (const DType dtype : {DType::f32, DType::f64}) {
    CHECK(none.uniform({3, 300}, -1, 1, dtype).to_vector() == std::vector<double>(900, 0));
    CHECK(none.split(5).normal({301}, 2, 1, dtype).to_vector() == std::vector<double>(301, 0));
  }
  CHECK(none.is_none());
  CHECK(none.split(1).is_none());
  for (uint64_t seed = 0; seed < 1000; ++seed) CHECK_FALSE(Rng(seed).split(seed).is_none());
}

TEST_CASE("Streams of neighbouring keys are not correlated") {
  const Rng rng(7);
  constexpr int64_t n = 20000;
  for (uint64_t key = 0; key < 8; ++key) {
    Rng a = rng.split(key), b = rng.split(key + 1);
    double product = 0;
    for (int64_t i = 0; i < n; ++i) product += (a.uniform() - 0.5) * (b.uniform() - 0.5);
    CHECK(std::abs(product * 12 / std::sqrt(double(n))) < 4.5);
  }
}

TEST_CASE("Rng::uniform fills [0, 1) evenly") {
  Rng rng(1);
  std::vector<int64_t> counts(100);
  for (int i = 0; i < 100000; ++i) {
    const double u = rng.uniform();
    REQUIRE((u >= 0 && u < 1));
    ++counts[static_cast<size_t>(u * 100)];
  }
  CHECK(chi_square(counts, 100000) < 160);  // 99 degrees of freedom: mean 99, deviation 14
}

TEST_CASE("Every bit is set half of the time") {
  Rng rng(3);
  std::vector<int> ones(64);
  for (int i = 0; i < 10000; ++i)
    for (uint64_t bits = rng.bits(), k = 0; k < 64; ++k) ones[k] += bits >> k & 1;
  for (int count : ones) CHECK(std::abs(count - 5000) < 225);
}

TEST_CASE("Rng::below is even, also where n does not divide 2^64") {
  Rng rng(2);
  std::vector<int64_t> dice(6);
  for (int i = 0; i < 60000; ++i) ++dice[static_cast<size_t>(rng.below(6))];
  CHECK(chi_square(dice, 60000) < 25);
  // Without rejecting, the lower half of 3 * 2^61 numbers would come up too often: 2/3 of the draws.
  const int64_t n = 3 * (int64_t{1} << 61);
  int64_t low = 0;
  for (int i = 0; i < 10000; ++i) low += rng.below(n) < n / 2;
  CHECK(std::abs(low - 5000) < 250);
  CHECK(rng.below(1) == 0);
  CHECK_THROWS_WITH(rng.below(0), ContainsSubstring("below 0"));
}

TEST_CASE("Rng::normal has the moments and tails of the normal distribution") {
  Rng rng(4);
  const std::vector<double> x = rng.normal({100001}, 2, 3, DType::f64).to_vector();
  double second = 0, third = 0, fourth = 0;
  int64_t beyond_two = 0;
  for (double v : x) {
    const double z = (v - 2) / 3;
    second += z * z, third += z * z * z, fourth += z * z * z * z;
    beyond_two += std::abs(z) > 2;
  }
  const double n = static_cast<double>(x.size());
  CHECK(std::abs(mean_of(x) - 2) < 0.045);
  CHECK(std::abs(second / n - 1) < 0.02);
  CHECK(std::abs(third / n) < 0.05);
  CHECK(std::abs(fourth / n - 3) < 0.15);
  CHECK(std::abs(static_cast<double>(beyond_two) / n - 0.0455) < 0.003);
  double sum = 0, squares = 0;
  for (int i = 0; i < 20000; ++i) {
    const double z = rng.normal();
    sum += z, squares += z * z;
  }
  CHECK(std::abs(sum / 20000) < 0.03);
  CHECK(std::abs(squares / 20000 - 1) < 0.045);
}

TEST_CASE("Rng::categorical draws in proportion, from one number") {
  Rng rng(5);
  const std::vector<double> weights = {0, 1, 0, 3, 0};
  std::vector<int64_t> counts(5);
  const uint64_t before = rng.state()[2];
  for (int i = 0; i < 40000; ++i) ++counts[static_cast<size_t>(rng.categorical(weights))];
  CHECK(rng.state()[2] == before + 40000);
  CHECK(counts[0] + counts[2] + counts[4] == 0);
  CHECK(std::abs(counts[1] - 10000) < 400);
  CHECK_THROWS_WITH(rng.categorical(std::vector<double>{0, 0}), ContainsSubstring("all 2 weights are zero"));
  CHECK_THROWS_WITH(rng.categorical(std::vector<double>{1, -1}), ContainsSubstring("weight 1 is -1"));
  CHECK_THROWS_AS(rng.categorical(std::vector<double>{NAN}), Error);
}

TEST_CASE("Rng::categorical draws one index for each line of a tensor") {
  Rng rng(6);
  const Tensor weights = Tensor::from(std::vector<double>{0, 1, 0, 0, 0, 2, 5, 0, 0}, {3, 3});
  CHECK(rng.categorical(weights).to_ids() == std::vector<int64_t>{1, 2, 0});
  CHECK(rng.categorical(Tensor::zeros({0, 3})).shape() == Shape{0});
}

TEST_CASE("Rng::permutation: every order is equally likely") {
  Rng rng(8);
  std::map<std::vector<int64_t>, int64_t> seen;
  for (int i = 0; i < 60000; ++i) ++seen[rng.permutation(3)];
  std::vector<int64_t> counts;
  for (const auto& [order, count] : seen) counts.push_back(count);
  REQUIRE(counts.size() == 6);
  CHECK(chi_square(counts, 60000) < 25);
  CHECK(rng.permutation(0).empty());
}

TEST_CASE("Tensors are filled with the numbers that single draws give") {
  for (int64_t count : {0, 1, 7, 255, 256, 257, 1000}) {
    Rng one(9), all(9), single(9);
    const std::vector<double> f64 = all.uniform({count}, -1, 3, DType::f64).to_vector();
    const std::vector<double> f32 = single.uniform({count}, -1, 3).to_vector();
    for (size_t i = 0; i < f64.size(); ++i) {
      CHECK(f64[i] == Catch::Approx(-1 + 4 * one.uniform()).epsilon(1e-15));
      CHECK(f32[i] == Catch::Approx(f64[i]).margin(3e-7));
    }
    CHECK(all.state() == one.state());
    CHECK(single.state() == one.state());
  }
}

TEST_CASE("Rng::uniform in f32 never gives the upper end") {
  Rng rng(10);
  // One representable number between the ends: rounding would reach 1 for half of the draws.
  const float below = std::nextafter(1.0f, 0.0f);
  for (double v : rng.uniform({1000}, below, 1).to_vector()) CHECK(v == below);
  CHECK_THROWS_WITH(rng.uniform({2}, 1, 0), ContainsSubstring("upside down"));
}

TEST_CASE("Rng::bernoulli_mask keeps a share of p") {
  Rng rng(11);
  const std::vector<double> mask = rng.bernoulli_mask({300, 100}, 0.2).to_vector();
  for (double m : mask) REQUIRE((m == 0 || m == 1));
  CHECK(std::abs(mean_of(mask) - 0.2) < 0.01);
  CHECK(mean_of(rng.bernoulli_mask({1000}, 1, DType::i64).to_vector()) == 1);
  CHECK(mean_of(rng.bernoulli_mask({1000}, 0, DType::f64).to_vector()) == 0);
  Rng a(12), b(12);
  const std::vector<double> drawn = a.bernoulli_mask({500}, 0.7).to_vector();
  for (double m : drawn) CHECK(m == (b.bernoulli(0.7) ? 1 : 0));
  CHECK_THROWS_WITH(rng.bernoulli_mask({2}, 1.5), ContainsSubstring("not a probability"));
}
