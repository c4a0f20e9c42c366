#include "autograd/ops/softmax.h"

#include <cmath>
#include <limits>

#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

namespace {

using Numbers = std::vector<double>;
constexpr double kInf = std::numeric_limits<double>::infinity();

Tensor waves(const Shape& shape, DType dtype = DType::f64) {
  Tensor x = Tensor::empty(shape, DType::f64);
  for (int64_t i = 0; i < x.numel(); ++i)
    x.mutable_data<double>()[i] = 2 * std::sin(1.7 * static_cast<double>(i) + 0.4);
  return to(x, dtype);
}

void check_near(const Tensor& got, const Tensor& expected, double tolerance) {
  REQUIRE(got.shape() == expected.shape());
  const Numbers a = got.to_vector(), b = expected.to_vector();
  for (size_t i = 0; i < a.size(); ++i) {
    INFO("element " << i << ": " << a[i] << " and " << b[i]);
    CHECK(std::abs(a[i] - b[i]) <= tolerance);
  }
}

// The definition, in plain operations.
Tensor plain_softmax(const Tensor& x, int axis) {
  const Tensor e = exp(x);
  return e / sum(e, {axis}, true);
}

}  // namespace

TEST_CASE("softmax of logarithms gives back the proportions") {
  const Tensor x = Tensor::from(Numbers{std::log(1.0), std::log(2.0), std::log(5.0)});
  check_near(softmax(x), Tensor::from(Numbers{0.125, 0.25, 0.625}), 1e-15);
  check_near(log_softmax(x), log(Tensor::from(Numbers{0.125, 0.25, 0.625})), 1e-15);
}

TEST_CASE("softmax along any axis, in any layout, equals its definition, with its gradient") {
  for (DType dtype : {DType::f32, DType::f64})
    for (const Shape& shape : {Shape{5}, Shape{1}, Shape{50, 80}, Shape{7, 33}, Shape{3, 40, 5}, Shape{2, 3, 17, 4}})
      for (int axis = 0; axis < shape.rank(); ++axis) {
        const Tensor x = waves(shape, dtype), upstream = cos(x);
        const double tolerance = dtype == DType::f32 ? 2e-6 : 1e-14;
        Tape tape({.keep = true});
        const Tensor fast = softmax(x, axis), plain = plain_softmax(x, axis), logs = log_softmax(x, axis);
        check_near(fast, plain, tolerance);
        check_near(logs, log(plain), 5 * tolerance);
        const Tensor plain_gradient = tape.gradients({plain}, {upstream}, {x})[0];
        check_near(tape.gradients({fast}, {upstream}, {x})[0], plain_gradient, tolerance);
        check_near(tape.gradients({logs}, {upstream}, {x})[0], tape.gradients({log(plain)}, {upstream}, {x})[0],
                   40 * tolerance);
      }
}

TEST_CASE("softmax adds its gradient to what is there already") {
  const Tensor x = waves({3, 21});
  for (int axis : {0, 1}) {
    Tape tape;
    const Tensor loss = sum(square(x)) + sum(square(softmax(x, axis))) + sum(square(log_softmax(x, axis)));
    const Tensor got = tape.gradients(loss, {x})[0];
    Tape reference;
    const Tensor plain = plain_softmax(x, axis);
    const Tensor same = sum(square(x)) + sum(square(plain)) + sum(square(log(plain)));
    check_near(got, reference.gradients(same, {x})[0], 1e-12);
  }
}

TEST_CASE("softmax does not overflow, and -inf has no weight") {
  const Tensor x = Tensor::from(Numbers{1e30, 0, -1e30, 5, 5, -kInf, -kInf, -kInf, -kInf}, {3, 3});
  for (const bool columns : {false, true}) {
    const Tensor scores = columns ? transpose(x, 0, 1) : x;
    Tape tape({.keep = true});
    const Tensor y = softmax(scores, columns ? 0 : 1), turned = columns ? transpose(y, 0, 1) : y;
    CHECK(turned.to_vector() == Numbers{1, 0, 0, 0.5, 0.5, 0, 0, 0, 0});
    const Tensor loss = sum(turned * waves({3, 3}));
    for (double slope : tape.gradients(loss, {x})[0].to_vector()) CHECK(std::isfinite(slope));
  }
  CHECK(log_softmax(x).at({1, 2}) == -kInf);
  CHECK(log_softmax(x).at({2, 0}) == -kInf);
}

TEST_CASE("masked softmax is the softmax of what is left, whatever stands behind the mask") {
  const Tensor mask = Tensor::from(std::vector<int64_t>{1, 1, 0, 0, 1, 0, 0, 0, 0}, {3, 3});
  const double nan = std::nan("");
  const Tensor x = Tensor::from(Numbers{1, 1, nan, kInf, 3, -kInf, 1, 2, 3}, {3, 3});
  for (const bool columns : {false, true}) {
    const Tensor scores = columns ? contiguous(transpose(x, 0, 1)) : x;
    const Tensor keep = columns ? contiguous(transpose(mask, 0, 1)) : mask;
    Tape tape;
    const Tensor y = masked_softmax(scores, keep, columns ? 0 : -1), turned = columns ? transpose(y, 0, 1) : y;
    CHECK(turned.to_vector() == Numbers{0.5, 0.5, 0, 0, 1, 0, 0, 0, 0});
    const Tensor slopes = tape.gradients(sum(turned * waves({3, 3})), {scores})[0];
    const Numbers got = (columns ? transpose(slopes, 0, 1) : slopes).to_vector();
    CHECK(got[0] != 0);
    for (size_t i : {2u, 3u, 4u, 5u, 6u, 7u, 8u}) CHECK(got[i] == 0);
  }
}

TEST_CASE("a mask broadcasts: over heads and queries, over columns, and from one number") {
  const Tensor x = waves({2, 3, 4, 5});
  const auto check_mask = [&](const Tensor& mask, int axis) {
    const Tensor kept = to(expand(mask, x.shape()), DType::f64);
    const Tensor e = exp(x) * kept, total = sum(e, {axis}, true);
    check_near(masked_softmax(x, mask, axis), where(expand(mask, x.shape()), e / total, e), 1e-14);
  };
  const Tensor keys = Tensor::from(std::vector<int64_t>{1, 1, 1, 0, 0, 1, 1, 1, 1, 0}, {2, 1, 1, 5});
  check_mask(keys, -1);
  check_mask(Tensor::from(std::vector<int64_t>{1, 0, 1, 1, 1}), -1);
  check_mask(Tensor::from(std::vector<int64_t>{1, 0, 1, 1}, {4, 1}), 2);
  check_mask(Tensor::from(std::vector<int64_t>{1, 0, 1}, {3, 1, 1}), 1);
  check_mask(Tensor::full({}, 1, DType::i64), 0);
  CHECK_THROWS_WITH(masked_softmax(x, Tensor::full({4}, 1, DType::i64)), ContainsSubstring("broadcast"));
  CHECK_THROWS_WITH(masked_softmax(x, x), ContainsSubstring("i64"));
}

TEST_CASE("softmax of nothing is nothing, and integers are refused") {
  CHECK(softmax(Tensor::zeros({0, 4})).shape() == Shape{0, 4});
  CHECK(softmax(Tensor::zeros({4, 0})).shape() == Shape{4, 0});
  CHECK_THROWS_WITH(softmax(Tensor::arange(3)), ContainsSubstring("i64"));
  CHECK_THROWS_WITH(softmax(Tensor::zeros({3}), 1), ContainsSubstring("axis 1"));
}
