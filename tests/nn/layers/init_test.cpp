#include "nn/layers/init.h"

#include <cmath>

#include "tests/catch.hpp"
#include "tests/nn/checks.h"

using namespace heed;
using namespace heed::test;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

// The largest element of |Q^T Q - g^2 1|, over columns or rows, whichever are fewer.
double distance_from_orthogonal(const Tensor& q, double gain) {
  const std::vector<double> v = q.to_vector();
  const int64_t rows = q.size(0), columns = q.size(1), few = std::min(rows, columns), many = std::max(rows, columns);
  const auto at = [&](int64_t vector, int64_t k) {
    return v[static_cast<size_t>(rows <= columns ? vector * columns + k : k * columns + vector)];
  };
  double worst = 0;
  for (int64_t i = 0; i < few; ++i)
    for (int64_t j = 0; j <= i; ++j) {
      double product = 0;
      for (int64_t k = 0; k < many; ++k) product += at(i, k) * at(j, k);
      worst = std::max(worst, std::abs(product - (i == j ? gain * gain : 0)));
    }
  return worst;
}

double variance(const Tensor& x) {
  double total = 0;
  for (double v : x.to_vector()) total += v * v;
  return total / static_cast<double>(x.numel());
}

}  // namespace

TEST_CASE("Fans count the taps of a kernel, too") {
  CHECK(init::fans({8, 6}).in == 6);
  CHECK(init::fans({8, 6}).out == 8);
  CHECK(init::fans({4, 3, 5, 2}).in == 30);
  CHECK(init::fans({4, 3, 5, 2}).out == 40);
  CHECK_THROWS_WITH(init::fans({8}), ContainsSubstring("[8] has no fans"));
}

TEST_CASE("Gains of the nonlinearities") {
  CHECK(init::gain("sigmoid") == 1);
  CHECK(init::gain("tanh") == Approx(5.0 / 3));
  CHECK(init::gain("relu") == Approx(std::sqrt(2.0)));
  CHECK(init::gain("leaky_relu", 1) == Approx(1));
  CHECK_THROWS_WITH(init::gain("swish"), ContainsSubstring("'swish' is not known"));
}

TEST_CASE("Random weights have the variance of their rule and keep its bounds") {
  Rng rng(1);
  const Shape shape{300, 200};
  CHECK(variance(init::xavier_uniform(shape, rng, 2)) == Approx(4 * 2.0 / 500).epsilon(0.02));
  CHECK(variance(init::xavier_normal(shape, rng, 2)) == Approx(4 * 2.0 / 500).epsilon(0.03));
  CHECK(variance(init::kaiming_uniform(shape, rng)) == Approx(2.0 / 200).epsilon(0.02));
  CHECK(variance(init::kaiming_normal(shape, rng, init::Fan::out)) == Approx(2.0 / 300).epsilon(0.03));
  CHECK(variance(init::gaussian(shape, 0.01, rng)) == Approx(1e-4).epsilon(0.03));
  CHECK(largest(init::xavier_uniform(shape, rng)) <= init::xavier_uniform_bound(shape));
  CHECK(largest(init::xavier_uniform(shape, rng)) > 0.99 * init::xavier_uniform_bound(shape));
}

TEST_CASE("Orthogonal weights are orthogonal, whatever their shape") {
  Rng rng(2);
  for (const Shape& shape :
       {Shape{1, 1}, Shape{5, 5}, Shape{7, 3}, Shape{3, 7}, Shape{33, 33}, Shape{200, 200}, Shape{70, 130}}) {
    INFO(to_string(shape));
    CHECK(distance_from_orthogonal(init::orthogonal(shape, rng), 1) < 1e-6);
    CHECK(distance_from_orthogonal(init::orthogonal(shape, rng, 1.5), 1.5) < 2e-6);
  }
  CHECK_THROWS_WITH(init::orthogonal({2, 3, 4}, rng), ContainsSubstring("[2, 3, 4]"));
}

TEST_CASE("Orthogonal weights favour no direction: rotations and reflections, entries of mean 0") {
  Rng rng(3);
  double total = 0;
  int reflections = 0;
  for (int i = 0; i < 2000; ++i) {
    const Tensor q = init::orthogonal({2, 2}, rng);
    total += q.at({0, 0});
    reflections += q.at({0, 0}) * q.at({1, 1}) - q.at({0, 1}) * q.at({1, 0}) < 0;
  }
  CHECK(std::abs(total / 2000) < 0.07);
  CHECK(std::abs(reflections - 1000) < 100);
}

TEST_CASE("Fixed weights") {
  CHECK(init::eye(2, 3).to_vector() == std::vector<double>{1, 0, 0, 0, 1, 0});
  CHECK(init::constant({2}, 0.25).to_vector() == std::vector<double>{0.25, 0.25});
  CHECK(init::zeros({2}).to_vector() == std::vector<double>{0, 0});
  CHECK(init::lstm_forget_bias(2, 3).to_vector() == std::vector<double>{0, 0, 3, 3, 0, 0, 0, 0});
}
