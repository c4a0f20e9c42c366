#include "optim/schedules.h"

#include <cmath>

#include "tests/catch.hpp"

using namespace heed;

TEST_CASE("schedules: values by hand") {
  CHECK(schedule::constant(0.3)(1000) == 0.3);
  const LearningRate step = schedule::step(1, 3, 0.5);
  CHECK(step(2) == 1);
  CHECK(step(3) == 0.5);
  CHECK(step(6) == 0.25);
  const LearningRate multistep = schedule::multistep(1, {2, 5}, 0.1);
  CHECK(multistep(1) == 1);
  CHECK(multistep(2) == Catch::Approx(0.1));
  CHECK(multistep(5) == Catch::Approx(0.01));
  const LearningRate halving = schedule::halving(1, 5);
  CHECK(halving(0) == 1);
  CHECK(halving(4) == 1);
  CHECK(halving(5) == 0.5);
  CHECK(halving(9) == 1.0 / 32);
  CHECK(schedule::exponential(2, 0.5)(3) == Catch::Approx(0.25));
  const LearningRate cosine = schedule::cosine(1, 10, 0.2);
  CHECK(cosine(0) == Catch::Approx(1));
  CHECK(cosine(5) == Catch::Approx(0.6));
  CHECK(cosine(10) == Catch::Approx(0.2));
  const LearningRate noam = schedule::noam(16, 4);
  CHECK(noam(0) == Catch::Approx(0.25 / 8));
  CHECK(noam(3) == Catch::Approx(0.25 / 2));
  CHECK(noam(15) == Catch::Approx(0.25 / 4));
  const LearningRate warmup = schedule::linear_warmup(1, 4);
  CHECK(warmup(0) == Catch::Approx(0.25));
  CHECK(warmup(100) == 1);
  const LearningRate inverse_sqrt = schedule::inverse_sqrt(1, 4);
  CHECK(inverse_sqrt(1) == Catch::Approx(0.5));
  CHECK(inverse_sqrt(3) == Catch::Approx(1));
  CHECK(inverse_sqrt(15) == Catch::Approx(0.5));
}

TEST_CASE("schedules: senseless arguments are refused at once") {
  using Catch::Matchers::ContainsSubstring;
  CHECK_THROWS_WITH(schedule::step(1, 0, 0.5), ContainsSubstring("every must be at least 1"));
  CHECK_THROWS_WITH(schedule::halving(1, 0), ContainsSubstring("at least one"));
  CHECK_THROWS_WITH(schedule::exponential(-1, 0.5), ContainsSubstring("at least 0"));
  CHECK_THROWS_WITH(schedule::exponential(1, std::nan("")), ContainsSubstring("gamma"));
  CHECK_THROWS_WITH(schedule::noam(0, 1), ContainsSubstring("width"));
  CHECK_THROWS_WITH(Plateau(1, {.factor = 1}), ContainsSubstring("factor"));
}

TEST_CASE("plateau: lowers the rate when patience ends, and a NaN is no progress") {
  Plateau plateau(1, {.factor = 0.5, .patience = 1});
  CHECK(plateau(3) == 1);
  CHECK(plateau(2) == 1);
  CHECK(plateau(std::nan("")) == 1);
  CHECK(plateau(2) == 0.5);
  CHECK(plateau.best() == 2);
  CHECK(plateau(1) == 0.5);
}

TEST_CASE("plateau: a restored one goes on alike") {
  const PlateauOptions options{.maximize = true, .factor = 0.5, .patience = 1, .cooldown = 1};
  const std::vector<double> metrics{1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3};
  for (size_t stop = 0; stop < metrics.size(); ++stop) {
    Plateau whole(1, options), first(1, options), second(7, options);
    for (size_t i = 0; i < stop; ++i) CHECK(first(metrics[i]) == whole(metrics[i]));
    second.restore(first.state("plateau/"), "plateau/");
    CHECK(second.rate() == whole.rate());
    for (size_t i = stop; i < metrics.size(); ++i) CHECK(second(metrics[i]) == whole(metrics[i]));
    CHECK(whole.rate() < 0.6);
  }
  Plateau plateau(1);
  CHECK_THROWS_WITH(plateau.restore({}), Catch::Matchers::ContainsSubstring("no \"plateau\""));
  CHECK_THROWS_WITH(plateau.restore({{"plateau", Tensor::zeros({2})}}), Catch::Matchers::ContainsSubstring("[2]"));
}

TEST_CASE("a plateau's margin is a share of the best metric's size, also below 0", "[schedule]") {
  const auto rates = [](const PlateauOptions& options, const std::vector<double>& metrics) {
    Plateau plateau(1, options);
    std::vector<double> result;
    for (const double metric : metrics) result.push_back(plateau(metric));
    return std::pair(result, plateau.best());
  };
  const PlateauOptions down{.factor = 0.1, .patience = 0, .threshold = 0.1};
  const auto [lower, best] = rates(down, {-1, -0.95, -0.9});
  CHECK(lower[0] == 1);
  CHECK(lower[1] == Catch::Approx(0.1));
  CHECK(lower[2] == Catch::Approx(0.01));
  CHECK(best == -1);
  CHECK(rates(down, {-1, -1.2}).first == std::vector<double>{1, 1});
  CHECK(rates(down, {1, 0.95}).first[1] == Catch::Approx(0.1));
  CHECK(rates(down, {1, 0.85}).first == std::vector<double>{1, 1});
  CHECK(rates(down, {0, -1e-9}).first == std::vector<double>{1, 1});  // a share of nothing
  PlateauOptions up = down;
  up.maximize = true;
  CHECK(rates(up, {-1, -0.95}).first[1] == Catch::Approx(0.1));
  CHECK(rates(up, {-1, -0.85}).first == std::vector<double>{1, 1});
  CHECK(rates(up, {1, 1.05}).first[1] == Catch::Approx(0.1));
  CHECK(rates(up, {1, std::nan("")}).first[1] == Catch::Approx(0.1));
}

TEST_CASE("every schedule that has a name begins with the warm-up and stays between 0 and the base", "[schedule]") {
  for (const auto& choice : schedules) {
    INFO(choice.name);
    const LearningRate warm = choice.make.rate({.base = 0.4, .steps = 100, .warmup = 10});
    CHECK(warm(0) == Catch::Approx(0.04));
    CHECK(warm(4) == Catch::Approx(0.2).epsilon(0.01));
    const LearningRate cold = choice.make.rate({.base = 0.4, .steps = 100});
    CHECK(cold(0) == 0.4);
    for (int64_t k = 0; k < 100; ++k) {
      CHECK(cold(k) >= 0);
      CHECK(cold(k) <= 0.4);
    }
  }
}

// Luong et al. 2015, section 4.1: "train for 10 epochs; after 5 epochs, we begin to halve the learning rate every epoch",
// and with dropout "for 12 epochs and start halving after 8".
TEST_CASE("halve: the rate of an epoch, whatever its steps", "[schedule]") {
  const auto rate = [](int64_t epoch, int64_t from, int64_t step) {
    return choose(schedules, "schedule", "halve")
        .make.rate({.base = 1, .steps = 100, .epoch = epoch, .halve_from = from})(step);
  };
  for (const int64_t step : {0, 17, 1000}) {
    for (int64_t epoch = 1; epoch <= 5; ++epoch) CHECK(rate(epoch, 5, step) == 1);
    CHECK(rate(6, 5, step) == 0.5);
    CHECK(rate(10, 5, step) == 1.0 / 32);
    CHECK(rate(8, 8, step) == 1);
    CHECK(rate(12, 8, step) == 1.0 / 16);
  }
}

TEST_CASE("a schedule that is warmed up is itself afterwards", "[schedule]") {
  const LearningRate plain = schedule::cosine(2, 50), warm = schedule::warmed_up(plain, 5);
  CHECK(warm(1) == Catch::Approx(0.4 * plain(1)));
  CHECK(warm(7) == plain(7));
  CHECK(schedule::warmed_up(plain, 0)(0) == plain(0));
}
