#include "optim/clip.h"

#include <cmath>
#include <limits>

#include "tests/catch.hpp"
#include "tests/optim/models.h"

using namespace heed;
using heed::test::flat_gradients;
using heed::test::Pair;
using heed::test::wave;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double plain_norm(const Gradients& gradients, double order) {
  double total = 0;
  for (const Tensor& gradient : gradients)
    for (double x : gradient.to_vector())
      total = order == 2 ? total + x * x : order == 1 ? total + std::abs(x) : std::max(total, std::abs(x));
  return order == 2 ? std::sqrt(total) : total;
}

}  // namespace

TEST_CASE("clipping: norms of order 1, 2 and infinity, flat or not, in any number of threads") {
  ThreadPool pool(3);
  for (DType dtype : {DType::f32, DType::f64})
    for (int64_t width : {1, 33, 30001}) {
      Pair model(dtype, {2, width}, {width});
      Parameters parameters(model);
      const std::vector<Tensor> values{wave({2, width}, 0.2, dtype), wave({width}, 0.9, dtype)};
      const Gradients flat = flat_gradients(parameters, values), loose({}, values);
      for (double order : {1.0, 2.0, kInfinity}) {
        const double expected = plain_norm(loose, order);
        CHECK(norm(flat, order) == Catch::Approx(expected).epsilon(1e-12));
        CHECK(norm(loose, order) == Catch::Approx(expected).epsilon(1e-12));
        CHECK(norm(flat, order, &pool) == norm(flat, order));
      }
    }
}

TEST_CASE("clipping: f32 gradients whose squares overflow have a norm all the same") {
  const Gradients gradients({}, {Tensor::full({100}, 3e30), Tensor::full({1}, 0.0)});
  CHECK(norm(gradients) == Catch::Approx(3e31).epsilon(1e-6));
}

TEST_CASE("clipping: scales down to the limit, never up") {
  Pair model(DType::f64);
  Parameters parameters(model);
  const std::vector<Tensor> values{wave({3, 5}, 0.2, DType::f64), wave({7}, 0.9, DType::f64)};
  for (double limit : {0.25, 1e9}) {
    Gradients flat = flat_gradients(parameters, values), loose({}, {values[0], values[1]});
    const double before = norm(flat), scale = std::min(1.0, limit / (before + 1e-6));
    CHECK(clip_norm(flat, limit) == before);
    CHECK(clip_norm(loose, limit) == Catch::Approx(before).epsilon(1e-14));
    for (size_t i = 0; i < 2; ++i)
      for (size_t k = 0; k < values[i].to_vector().size(); ++k) {
        CHECK(flat[i].to_vector()[k] == Catch::Approx(scale * values[i].to_vector()[k]).epsilon(1e-14));
        CHECK(loose[i].to_vector()[k] == Catch::Approx(scale * values[i].to_vector()[k]).epsilon(1e-14));
      }
  }
}

TEST_CASE("clipping: one tensor that is the gradient of two parameters is scaled once") {
  const Tensor shared = Tensor::from<double>({3.0, 4.0});
  Gradients gradients({}, {shared, shared});
  clip_norm(gradients, 1.0, kInfinity);
  CHECK(gradients[0].to_vector()[1] == Catch::Approx(1).epsilon(1e-6));
  CHECK(gradients[1].to_vector()[1] == Catch::Approx(1).epsilon(1e-6));
  CHECK(shared.to_vector()[1] == 4);
}

TEST_CASE("clipping: a norm that is not finite is told and changes nothing") {
  for (double bad : {std::nan(""), kInfinity})
    for (double order : {1.0, 2.0, kInfinity})
      for (int64_t place : {0, 40, 100}) {
        std::vector<double> numbers(101, 2.0);
        numbers[static_cast<size_t>(place)] = bad;
        Gradients gradients({}, {Tensor::from(numbers)});
        const double before = clip_norm(gradients, 1.0, order);
        CHECK_FALSE(std::isfinite(before));
        CHECK(std::isnan(before) == std::isnan(bad));
        CHECK(gradients[0].to_vector()[50] == 2);
      }
}

TEST_CASE("clipping: by value") {
  Gradients gradients({}, {Tensor::from<double>({-3.0, -0.5, 0.0, 0.5, 0.8, 7.0})});
  clip_value(gradients, 0.8);
  CHECK(gradients[0].to_vector() == std::vector<double>{-0.8, -0.5, 0.0, 0.5, 0.8, 0.8});
}

TEST_CASE("clipping: senseless limits and orders are refused") {
  using Catch::Matchers::ContainsSubstring;
  Gradients gradients({}, {Tensor::from<double>({1.0})});
  CHECK_THROWS_WITH(clip_norm(gradients, -1), ContainsSubstring("at least 0"));
  CHECK_THROWS_WITH(clip_norm(gradients, std::nan("")), ContainsSubstring("at least 0"));
  CHECK_THROWS_WITH(clip_value(gradients, -1), ContainsSubstring("at least 0"));
  CHECK_THROWS_WITH(norm(gradients, 3), ContainsSubstring("order 3"));
}
