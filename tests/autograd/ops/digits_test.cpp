// Digits that must not be lost: in quotients, and in sums however long they are.
#include <cmath>

#include "autograd/ops/pooling.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"
#include "nn/losses/cross_entropy.h"
#include "tests/catch.hpp"

namespace heed {
namespace {

TEST_CASE("a quotient is rounded once", "[digits]") {
  for (int64_t k = 1; k < 1000; ++k) {
    const auto c = static_cast<double>(k);
    CHECK((Tensor::scalar(c, DType::f64) / c).item() == 1);
    CHECK((Tensor::scalar(1, DType::f64) / c).item() == 1 / c);
    CHECK(mean(Tensor::full({k}, 1, DType::f64)).item() == 1);
  }
  CHECK((Tensor::scalar(1e-5) / 1e-39).item() == Catch::Approx(1e34));
  Tape tape;
  const Tensor x = Tensor::full({}, 6, DType::f64);
  CHECK(tape.gradients(x / 3, {x})[0].item() == 1.0 / 3);
}

TEST_CASE("the derivative of a quotient divides", "[digits]") {
  const Tensor tiny = Tensor::scalar(1e-39);
  for (const double a : {0.0, 1e-44}) {
    Tape tape;
    const Gradients g = tape.gradients(Tensor::scalar(a) / tiny, {tiny});
    CHECK(std::isfinite(g[0].item()));
  }
}

TEST_CASE("a logarithm near 0 keeps its digits", "[digits]") {
  for (const double d : {1.0, 3.0, 10.0, 15.0, 17.0, 60.0}) {
    const double right = std::log1p(std::exp(-d));
    const Tensor row = Tensor::from<float>({0, static_cast<float>(-d)}, {1, 2});
    const Tensor targets = Tensor::from<int64_t>({0});
    CHECK(cross_entropy(row, targets).item() == Catch::Approx(right).epsilon(1e-6));
    CHECK(logsumexp(row, {1}).item() == Catch::Approx(right).epsilon(1e-6));
    CHECK(log_softmax(row).to_vector()[0] == Catch::Approx(-right).epsilon(1e-6));
    CHECK(log_softmax(transpose(row, 0, 1), 0).to_vector()[0] == Catch::Approx(-right).epsilon(1e-6));
  }
  CHECK(logsumexp(Tensor::from<double>({2, 2, 2})).item() == Catch::Approx(2 + std::log(3)));
}

TEST_CASE("the mean of one large window keeps its digits", "[digits]") {
  const Tensor x = Tensor::full({1, 1, 1000, 1000}, 0.1);
  CHECK(avg_pool2d(x, {.kernel = {1000, 1000}}).item() == Catch::Approx(0.1).epsilon(1e-6));
  CHECK(adaptive_avg_pool2d(x, 1, 1).item() == Catch::Approx(0.1).epsilon(1e-6));
}

TEMPLATE_TEST_CASE("a norm has its digits however large or small its numbers are", "[digits]", float, double) {
  const DType type = dtype_of<TestType>;
  const double high = type == DType::f32 ? 1e36 : 1e306, low = 1 / high;
  for (const double unit : {1.0, high, std::sqrt(high), low, std::sqrt(low)})
    for (const double p : {2.0, 3.0, 7.5}) {
      INFO(unit << ", p = " << p);
      const Tensor x = Tensor::from<double>({3 * unit, -4 * unit}, {1, 2}, type);
      const double right = std::pow(std::pow(3, p) + std::pow(4, p), 1 / p);
      for (const bool keep : {false, true}) {
        Tape tape;
        const Tensor y = norm(x, p, {1}, keep);
        CHECK(y.rank() == (keep ? 2 : 1));
        CHECK(y.to_vector()[0] / unit == Catch::Approx(right).epsilon(1e-5));
        const std::vector<double> g = tape.gradients(sum(y), {x})[0].to_vector();
        CHECK(g[0] == Catch::Approx(std::pow(3 / right, p - 1)).epsilon(1e-5));
        CHECK(g[1] == Catch::Approx(-std::pow(4 / right, p - 1)).epsilon(1e-5));
      }
    }
  // Others beside it stay as they are.
  const Tensor rows = Tensor::from<double>({3 * high, 4 * high, 3.0, 4.0, 0.0, 0.0}, {3, 2}, type);
  const std::vector<double> y = norm(rows, 2, {1}).to_vector();
  CHECK(y[0] / high == Catch::Approx(5));
  CHECK(y[1] == 5);
  CHECK(y[2] == 0);
  CHECK(std::isinf(norm(Tensor::from<double>({1.0, INFINITY}, {2}, type)).item()));
  CHECK(std::isnan(norm(Tensor::from<double>({high, std::nan("")}, {2}, type)).item()));
  CHECK(norm(Tensor::zeros({0}, type)).item() == 0);
}

// Each of these sums a million times 0.1 in f32.
constexpr int64_t kMany = 1000000;
const double tenth = static_cast<double>(0.1f);

void check_sum(const Tensor& total, double of = kMany) {
  for (const double x : total.to_vector()) CHECK(x == Catch::Approx(of * tenth).epsilon(1e-6));
}

TEST_CASE("a long sum keeps its digits along every axis", "[digits]") {
  const Tensor flat = Tensor::full({kMany}, 0.1);
  check_sum(sum(flat));
  for (const int64_t n : {1, 2, 3, 17}) {
    const Tensor x = Tensor::full({kMany / n, n}, 0.1);
    check_sum(sum(x, {0}), static_cast<double>(kMany / n));
    check_sum(sum(transpose(x, 0, 1), {1}), static_cast<double>(kMany / n));
    check_sum(sum(x), static_cast<double>(kMany / n * n));
  }
  check_sum(sum(Tensor::full({1000, 3, 1000}, 0.1), {0, 2}));
  check_sum(sum(Tensor::full({10, 100000, 2}, 0.1), {0, 1}));
  check_sum(mean(Tensor::full({kMany, 2}, 0.1), {0}), 1);
}

// The gradient of w in sum(x w), w broadcast over all but some axes of x.
void check_broadcast(const Shape& full, const Shape& of, double count, bool transposed = false) {
  Tensor x = Tensor::full(full, 0.1);
  if (transposed) x = transpose(copy_of(transpose(x, 0, -1)), 0, -1);
  const Tensor w = Tensor::full(of, 1);
  INFO(to_string(full) << " times " << to_string(of));
  Tape tape;
  const Gradients g = tape.gradients(sum(x * w), {w});
  check_sum(g[0], count);
}

TEST_CASE("the gradient of what was broadcast keeps its digits", "[digits]") {
  check_broadcast({kMany}, {}, kMany);
  check_broadcast({kMany}, {1}, kMany);
  check_broadcast({kMany, 2}, {2}, kMany);
  check_broadcast({kMany, 2}, {1, 2}, kMany);
  check_broadcast({2, kMany}, {2, 1}, kMany);
  check_broadcast({1000, 1000, 2}, {2}, kMany);
  check_broadcast({1000, 2, 1000}, {2, 1}, kMany);
  check_broadcast({3, kMany, 2}, {3, 1, 2}, kMany);
  check_broadcast({1000, 1000}, {}, kMany);
  check_broadcast({1000, 1000}, {1000}, 1000);
  for (const int64_t n : {63, 64, 65, 66}) check_broadcast({n, 3}, {3}, static_cast<double>(n));  // from 65 on: long
  check_broadcast({2, 5000, 3}, {3}, 10000, true);
}

TEST_CASE("long sums add to what is there", "[digits]") {
  const Tensor x = Tensor::full({5000, 2}, 0.1), w = Tensor::full({2}, 1);
  Tape tape;
  check_sum(tape.gradients(sum(x * w) + sum(x * w) + sum(w), {w})[0] - Tensor::full({2}, 1), 10000);
}

TEST_CASE("a sum on the way keeps its digits", "[digits]") {
  const Tensor x = Tensor::full({2, kMany}, 0.1);
  check_sum(zip_sum(
      "sum", [](auto v) { return v; }, x));
}

}  // namespace
}  // namespace heed
