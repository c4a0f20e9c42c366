#include "autograd/ops/reduce.h"

#include <cmath>
#include <limits>

#include "autograd/ops/extrema.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

using Numbers = std::vector<double>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Numbers gradient_of(const std::function<Tensor(const Tensor&)>& f, const Tensor& x) {
  Tape tape;
  return tape.gradients(sum(f(x)), {x})[0].to_vector();
}

}  // namespace

TEST_CASE("sum reduces the named axes, and all without names") {
  const Tensor x = Tensor::from(Numbers{1, 2, 3, 4, 5, 6}, {2, 3});
  CHECK(sum(x).item() == 21);
  CHECK(sum(x).shape() == Shape{});
  CHECK(sum(x, {0}).to_vector() == Numbers{5, 7, 9});
  CHECK(sum(x, {-1}).to_vector() == Numbers{6, 15});
  CHECK(sum(x, {1}, true).shape() == Shape{2, 1});
  CHECK(sum(x, {0, 1}, true).shape() == Shape{1, 1});
  CHECK(sum(Tensor::from(std::vector<int64_t>{1, 2, 3})).to_ids() == std::vector<int64_t>{6});
  CHECK(sum(transpose(x, 0, 1), {0}).to_vector() == Numbers{6, 15});
}

TEST_CASE("sum over nothing is 0, and an empty result stays empty") {
  const Tensor x = Tensor::zeros({2, 0, 3}, DType::f64);
  CHECK(sum(x).item() == 0);
  CHECK(sum(x, {1}).to_vector() == Numbers(6, 0.0));
  CHECK(sum(x, {0}).shape() == Shape{0, 3});
  CHECK_THROWS_WITH(mean(x, {1}), ContainsSubstring("no elements"));
  CHECK_THROWS_WITH(amax(x), ContainsSubstring("no elements"));
}

TEST_CASE("sums of every length and layout agree with plain additions") {
  for (int64_t outer : {1, 3})
    for (int64_t n : {1, 7, 8, 9, 63, 64, 200, 2100})
      for (int64_t inner : {1, 2, 17, 64}) {
        Tensor x = Tensor::empty({outer, n, inner}, DType::f32);
        std::vector<double> expected(static_cast<size_t>(outer * inner), 0.0);
        for (int64_t i = 0; i < x.numel(); ++i) {
          const float value = static_cast<float>(i % 13) - 5;
          x.mutable_data<float>()[i] = value;
          expected[static_cast<size_t>(i / (n * inner) * inner + i % inner)] += value;
        }
        CHECK(sum(x, {1}).to_vector() == expected);
      }
}

TEST_CASE("a long float sum keeps its digits") {
  const Tensor x = Tensor::full({3'000'000}, 0.1);
  CHECK(sum(x).item() == Approx(3e6 * static_cast<double>(0.1f)).epsilon(1e-6));
  CHECK(sum(reshape(x, {3000, 1000}), {0}).at({500}) == Approx(300).epsilon(1e-5));
}

TEST_CASE("mean, var and norm by hand") {
  const Tensor x = Tensor::from(Numbers{1, 2, 3, 6, 0, 0, 0, 0}, {2, 4});
  CHECK(mean(x, {1}).to_vector() == Numbers{3, 0});
  CHECK(var(x, {1}).to_vector() == Numbers{3.5, 0});
  CHECK(var(x, {1}, false, 1).at({0}) == Approx(14.0 / 3));
  CHECK(norm(x, 1, {1}).to_vector() == Numbers{12, 0});
  CHECK(norm(x, 2, {1}).at({0}) == Approx(std::sqrt(50.0)));
  CHECK(norm(x, 3, {1}).at({0}) == Approx(std::cbrt(252.0)));
  CHECK(norm(-x, kInfinity, {1}).to_vector() == Numbers{6, 0});
  CHECK_THROWS_WITH(var(Tensor::zeros({3, 1}, DType::f64), {1}, false, 1), ContainsSubstring("too few"));
  CHECK_THROWS_WITH(norm(x, 0.5), ContainsSubstring("at least 1"));
}

TEST_CASE("the norm of a zero vector has gradient 0") {
  const Tensor x = Tensor::from(Numbers{3, 4, 0, 0}, {2, 2});
  CHECK(gradient_of([](const Tensor& t) { return norm(t, 2, {1}); }, x) == Numbers{0.6, 0.8, 0, 0});
  for (double p : {1.0, 3.0, kInfinity})
    CHECK(gradient_of([p](const Tensor& t) { return norm(t, p); }, Tensor::zeros({4}, DType::f64)) ==
          Numbers(4, 0.0));
}

TEST_CASE("logsumexp neither overflows nor minds -inf") {
  const Tensor x = Tensor::from(Numbers{1000, 1000, -kInfinity, 0, -kInfinity, -kInfinity}, {3, 2});
  const Numbers y = logsumexp(x, {1}).to_vector();
  CHECK(y[0] == Approx(1000 + std::log(2.0)));
  CHECK(y[1] == 0);
  CHECK(y[2] == -kInfinity);
  const Numbers slopes = gradient_of([](const Tensor& t) { return logsumexp(t, {1}); }, x);
  for (size_t i : {0u, 1u}) CHECK(slopes[i] == Approx(0.5));
  CHECK(Numbers(slopes.begin() + 2, slopes.end()) == Numbers{0, 1, 0, 0});
}

TEST_CASE("amax and amin share the gradient among equals") {
  const Tensor x = Tensor::from(Numbers{1, 3, 3, 2, -kInfinity, 0}, {2, 3});
  CHECK(amax(x, {1}).to_vector() == Numbers{3, 2});
  CHECK(amin(x).item() == -kInfinity);
  CHECK(gradient_of([](const Tensor& t) { return amax(t, {1}); }, x) == Numbers{0, 0.5, 0.5, 1, 0, 0});
  CHECK(amax(Tensor::from(std::vector<int64_t>{-5, -2, -9})).to_ids() == std::vector<int64_t>{-2});
}

TEST_CASE("max and min name the lowest index among equals, which alone gets the gradient") {
  const Tensor x = Tensor::from(Numbers{1, 3, 3, 2, 2, 2}, {2, 3});
  for (const Tensor& t : {x, transpose(transpose(x, 0, 1), 0, 1)}) {
    const auto [values, indices] = max(t, -1);
    CHECK(values.to_vector() == Numbers{3, 2});
    CHECK(indices.to_ids() == std::vector<int64_t>{1, 0});
  }
  CHECK(min(x, 0, true).first.to_vector() == Numbers{1, 2, 2});
  CHECK(argmin(x, 0).to_ids() == std::vector<int64_t>{0, 1, 1});
  CHECK(argmax(x, 0, true).shape() == Shape{1, 3});
  CHECK(gradient_of([](const Tensor& t) { return max(t, 1).first; }, x) == Numbers{0, 1, 0, 1, 0, 0});
}

TEST_CASE("a reduction of a scalar is a value of its own") {
  const Tensor x = Tensor::scalar(3, DType::f64);
  CHECK_FALSE(sum(x).is(x));
  CHECK(gradient_of([](const Tensor& t) { return logsumexp(t) + sum(t); }, x) == Numbers{2});
}

TEST_CASE("axes that do not exist or come twice are refused") {
  const Tensor x = Tensor::zeros({2, 3});
  CHECK_THROWS_WITH(sum(x, {2}), ContainsSubstring("axis 2"));
  CHECK_THROWS_WITH(sum(x, {0, -2}), ContainsSubstring("twice"));
  CHECK_THROWS_AS(logsumexp(Tensor::arange(3)), Error);
}
