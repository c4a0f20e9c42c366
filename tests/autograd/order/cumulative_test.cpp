#include "autograd/ops/order/cumulative.h"

#include <cmath>
#include <limits>

#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

using Values = std::vector<double>;
constexpr double kEndless = std::numeric_limits<double>::infinity();

void check_near(const Tensor& got, const Values& expected) {
  const Values values = got.to_vector();
  REQUIRE(values.size() == expected.size());
  for (size_t i = 0; i < values.size(); ++i) {
    INFO("at " << i << ": " << values[i] << ", expected " << expected[i]);
    const bool equal = std::isnan(expected[i]) ? std::isnan(values[i]) : values[i] == expected[i];
    CHECK((equal || values[i] == Approx(expected[i]).epsilon(1e-12)));
  }
}

}  // namespace

TEST_CASE("cumsum along any axis, from either end, of every type") {
  for (const DType dtype : {DType::f32, DType::f64, DType::i64}) {
    const Tensor x = Tensor::from(Values{1, 2, 3, 4, 5, 6}, {2, 3}, dtype);
    CHECK(cumsum(x, 1).to_vector() == Values{1, 3, 6, 4, 9, 15});
    CHECK(cumsum(x, -2).to_vector() == Values{1, 2, 3, 5, 7, 9});
    CHECK(cumsum(x, 1, true).to_vector() == Values{6, 5, 3, 15, 11, 6});
    CHECK(cumsum(transpose(x, 0, 1), 0).to_vector() == Values{1, 4, 3, 9, 6, 15});
    CHECK(cumsum(x, 0).dtype() == dtype);
  }
  const int64_t large = (int64_t{1} << 60) + 1;
  CHECK(cumsum(Tensor::from(std::vector<int64_t>{INT64_MAX, 1}), 0).to_ids()[1] == INT64_MIN);  // modulo 2^64
  CHECK(cumsum(Tensor::from(std::vector<int64_t>{large, 2}), 0).to_ids() == std::vector<int64_t>{large, large + 2});
}

TEST_CASE("a long float cumsum keeps its digits, along rows and columns") {
  const Tensor x = Tensor::full({1'000'000}, 0.1);
  const double right = 1e6 * static_cast<double>(0.1f);
  CHECK(cumsum(x, 0).at({999'999}) == Approx(right).epsilon(1e-6));
  CHECK(cumsum(reshape(x, {500'000, 2}), 0, true).at({0, 1}) == Approx(right / 2).epsilon(1e-6));
  Tape tape;
  const Tensor total = sum(cumsum(x, 0));
  CHECK(tape.gradients(total, {x})[0].at({0}) == 1e6);
}

TEST_CASE("logcumsumexp neither overflows nor minds -inf") {
  const double log2 = std::log(2.0);
  check_near(logcumsumexp(Tensor::from(Values{0, 0, log2}), 0), {0, log2, 2 * log2});
  check_near(logcumsumexp(Tensor::from(Values{0, 0, log2}), 0, true), {2 * log2, std::log(3.0), log2});
  check_near(logcumsumexp(Tensor::from(Values{1000, 1000, -1000, 2000}), 0), {1000, 1000 + log2, 1000 + log2, 2000});
  check_near(logcumsumexp(Tensor::from(Values{-kEndless, -kEndless, -1e300, 3, -kEndless}), 0),
             {-kEndless, -kEndless, -1e300, 3, 3});
  check_near(logcumsumexp(Tensor::from(Values{0, kEndless, 1, -kEndless, kEndless}), 0),
             {0, kEndless, kEndless, kEndless, kEndless});
  const double nan = std::nan("");
  check_near(logcumsumexp(Tensor::from(Values{1, nan, kEndless, 2}), 0), {1, nan, nan, nan});
  check_near(logcumsumexp(Tensor::from(Values{-kEndless, nan, -kEndless}), 0), {-kEndless, nan, nan});
  check_near(logcumsumexp(Tensor::from(Values{0, 1, 0, 1}, {2, 2}), 0), {0, 1, log2, 1 + log2});
}

TEST_CASE("the last of logcumsumexp is logsumexp, in f32 too") {
  const Tensor x = Tensor::full({100'000}, 0.5);
  CHECK(logcumsumexp(x, 0).at({99'999}) == Approx(0.5 + std::log(1e5)).epsilon(1e-6));
}

TEST_CASE("the gradient of logcumsumexp is right where weights are 0 or numbers are large") {
  const auto slopes = [](const Values& values, const Values& upstream) {
    const Tensor x = Tensor::from(values);
    Tape tape;
    const Tensor y = logcumsumexp(x, 0);
    return tape.gradients({y}, {Tensor::from(upstream)}, {x})[0];
  };
  check_near(slopes({0, 0, 0}, {1, 1, 1}), {1 + 0.5 + 1.0 / 3, 0.5 + 1.0 / 3, 1.0 / 3});
  check_near(slopes({1000, 1000, -1000}, {0, 0, -2}), {-1, -1, 0});
  check_near(slopes({-kEndless, 0, -kEndless, 0}, {5, 1, 1, 1}), {0, 2.5, 0, 0.5});
  check_near(slopes({-kEndless, -kEndless}, {1, 1}), {0, 0});
  check_near(slopes({3, -700, -1e300}, {1, 2, 4}), {7, 6 * std::exp(-703.0), 0});
  // A number that is infinite has no slope; those beside it have.
  check_near(slopes({0, 0, kEndless, 5}, {1, 1, 1, 1}), {1.5, 0.5, std::nan(""), 0});
}

TEST_CASE("the gradient of logcumsumexp is differentiated by an upstream gradient of 0") {
  const Tensor x = Tensor::from(Values{0, 0, -kEndless}), upstream = Tensor::from(Values{0, 0, 0});
  Tape outer;
  Tensor slopes;
  {
    Tape inner;
    slopes = inner.gradients({logcumsumexp(x, 0)}, {upstream}, {x})[0];
  }
  // slopes_0 = u_0 + (u_1 + u_2) / 2
  check_near(outer.gradients(sum(slopes * Tensor::from(Values{1, 0, 0})), {upstream})[0], {1, 0.5, 0.5});
}

TEST_CASE("the second derivative of logcumsumexp is 0 at -inf") {
  const Tensor x = Tensor::from(Values{0, 0, -kEndless});
  Tape outer;
  Tensor slopes;
  {
    Tape inner;
    slopes = inner.gradients(sum(logcumsumexp(x, 0) * Tensor::from(Values{0, 1, 0})), {x})[0];
  }
  check_near(slopes, {0.5, 0.5, 0});
  check_near(outer.gradients(sum(slopes * Tensor::from(Values{1, 0, 0})), {x})[0], {0.25, -0.25, 0});
}

TEST_CASE("a linear recurrence by hand, from either end") {
  const Tensor x = Tensor::from(Values{1, 2, 3}), decay = Tensor::from(Values{std::nan(""), 0.5, 2});
  CHECK(linear_recurrence(x, decay, 0).to_vector() == Values{1, 2.5, 8});
  const Tensor back = Tensor::from(Values{0.5, 2, std::nan("")});  // a discounted return
  CHECK(linear_recurrence(x, back, 0, true).to_vector() == Values{5, 8, 3});
  Tape tape;
  const Tensor y = linear_recurrence(x, decay, -1);
  const Gradients gradients = tape.gradients(sum(y), {x, decay});
  CHECK(gradients[0].to_vector() == Values{1 + 0.5 + 1, 3, 1});
  CHECK(gradients[1].to_vector() == Values{0, 3, 2.5});
}

TEST_CASE("a decay of 0 begins anew, whatever came before") {
  const Tensor x = Tensor::from(Values{kEndless, 2, std::nan(""), 4}), decay = Tensor::from(Values{1, 0, 0.5, 0});
  check_near(linear_recurrence(x, decay, 0), {kEndless, 2, std::nan(""), 4});
  Tape tape;
  const Tensor y = linear_recurrence(x, decay, 0);
  check_near(tape.gradients({y}, {Tensor::from(Values{1, 1, 1, std::nan("")})}, {x})[0], {1, 1.5, 1, std::nan("")});
}

TEST_CASE("running along nothing, one number, and axes that are not there") {
  for (const Shape& shape : {Shape{0, 2}, Shape{2, 0}}) {
    const Tensor x = Tensor::zeros(shape, DType::f64);
    for (int axis : {0, 1}) {
      Tape tape;
      const Tensor y = logcumsumexp(x, axis) + cumsum(x, axis) + linear_recurrence(x, x, axis);
      CHECK(y.shape() == shape);
      CHECK(tape.gradients(sum(y), {x})[0].shape() == shape);
    }
  }
  CHECK(logcumsumexp(Tensor::full({1}, 7), 0).item() == 7);
  const Tensor x = Tensor::zeros({2, 3}), ids = Tensor::arange(3);
  CHECK_THROWS_WITH(cumsum(x, 2), ContainsSubstring("cumsum: axis 2"));
  CHECK_THROWS_WITH(cumsum(Tensor::scalar(1), 0), ContainsSubstring("cumsum: axis 0"));
  CHECK_THROWS_WITH(logcumsumexp(x, -3), ContainsSubstring("logcumsumexp: axis -3"));
  CHECK_THROWS_WITH(logcumsumexp(ids, 0), ContainsSubstring("logcumsumexp: wants f32 or f64"));
  CHECK_THROWS_WITH(linear_recurrence(x, Tensor::zeros({3, 2}), 0), ContainsSubstring("linear_recurrence") &&
                                                                        ContainsSubstring("[2, 3]") &&
                                                                        ContainsSubstring("[3, 2]"));
  CHECK_THROWS_WITH(linear_recurrence(ids, ids, 0), ContainsSubstring("linear_recurrence: wants f32 or f64"));
  CHECK_THROWS_WITH(linear_recurrence(x, {}, 0), ContainsSubstring("linear_recurrence: operand 1"));
  CHECK_THROWS_WITH(cumsum(Tensor(), 0), ContainsSubstring("cumsum: operand 0 is an undefined tensor"));
  CHECK_THROWS_WITH(logcumsumexp(Tensor(), 0), ContainsSubstring("logcumsumexp: operand 0 is an undefined"));
}
