#include <cmath>
#include <limits>

#include "autograd/ops/masks/comparisons.h"
#include "autograd/ops/masks/logical.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

namespace {

using Numbers = std::vector<double>;
using Ids = std::vector<int64_t>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kNaN = std::nan("");

}  // namespace

TEST_CASE("comparisons give a mask, for numbers of every type") {
  for (const DType dtype : {DType::f32, DType::f64, DType::i64}) {
    const Tensor a = Tensor::from(Numbers{1, 2, 3}, {3}, dtype), b = Tensor::from(Numbers{2, 2, 2}, {3}, dtype);
    CHECK(equal(a, b).to_ids() == Ids{0, 1, 0});
    CHECK(not_equal(a, b).to_ids() == Ids{1, 0, 1});
    CHECK(less(a, b).to_ids() == Ids{1, 0, 0});
    CHECK(less_equal(a, b).to_ids() == Ids{1, 1, 0});
    CHECK(greater(a, b).to_ids() == Ids{0, 0, 1});
    CHECK(greater_equal(a, b).to_ids() == Ids{0, 1, 1});
    CHECK(equal(a, 2).to_ids() == Ids{0, 1, 0});
    CHECK(not_equal(a, 2).to_ids() == Ids{1, 0, 1});
    CHECK(less(a, 2).to_ids() == Ids{1, 0, 0});
    CHECK(less_equal(a, 2).to_ids() == Ids{1, 1, 0});
    CHECK(greater(a, 2).to_ids() == Ids{0, 0, 1});
    CHECK(greater_equal(a, 2).to_ids() == Ids{0, 1, 1});
  }
}

TEST_CASE("NaN is neither equal nor less nor greater") {
  for (const DType dtype : {DType::f32, DType::f64}) {
    const Tensor a = Tensor::from(Numbers{kNaN, 1, kNaN}, {3}, dtype),
                 b = Tensor::from(Numbers{1, kNaN, kNaN}, {3}, dtype);
    using Compare = Tensor (*)(const Tensor&, const Tensor&);
    for (const Compare compare : std::initializer_list<Compare>{equal, less, less_equal, greater, greater_equal})
      CHECK(compare(a, b).to_ids() == Ids{0, 0, 0});
    CHECK(not_equal(a, b).to_ids() == Ids{1, 1, 1});
  }
}

TEST_CASE("comparisons of whole numbers lose no digits, and broadcast") {
  const int64_t large = int64_t{1} << 60;
  CHECK(less(Tensor::from(Ids{large}), Tensor::from(Ids{large + 1})).to_ids() == Ids{1});
  CHECK(equal(Tensor::from(Ids{1, 2}, {2, 1}), Tensor::from(Ids{1, 2, 3})).to_ids() == Ids{1, 0, 0, 0, 1, 0});
  CHECK(equal(Tensor::from(std::vector<float>{0.1f}), 0.1).to_ids() == Ids{1});  // rounded to its type
}

TEST_CASE("isnan, isinf and isfinite, across registers and rests") {
  for (const DType dtype : {DType::f32, DType::f64}) {
    const Tensor x = Tensor::from(Numbers{0, kNaN, kInfinity, -kInfinity, -0.0, 1e38}, {6}, dtype);
    CHECK(isnan(x).to_ids() == Ids{0, 1, 0, 0, 0, 0});
    CHECK(isinf(x).to_ids() == Ids{0, 0, 1, 1, 0, 0});
    CHECK(isfinite(x).to_ids() == Ids{1, 0, 0, 0, 1, 1});
    for (int64_t n : {1, 7, 8, 16, 33}) {
      Tensor long_row = Tensor::full({n}, 2, dtype);
      dispatch_float(dtype, "test", [&]<class T>(T) { long_row.mutable_data<T>()[n - 1] = static_cast<T>(kNaN); });
      CHECK(sum(isnan(long_row)).item() == 1);
      CHECK(isnan(long_row).to_ids().back() == 1);
    }
  }
  CHECK(isnan(Tensor::arange(2)).to_ids() == Ids{0, 0});
  CHECK(isinf(Tensor::arange(2)).to_ids() == Ids{0, 0});
  CHECK(isfinite(Tensor::arange(2)).to_ids() == Ids{1, 1});
}

TEST_CASE("masks are joined: what is not 0 holds, and the result is of ones and zeros") {
  const Tensor a = Tensor::from(Ids{0, 0, 5, 1}), b = Tensor::from(Ids{0, 2, 0, -3});
  CHECK(logical_and(a, b).to_ids() == Ids{0, 0, 0, 1});
  CHECK(logical_or(a, b).to_ids() == Ids{0, 1, 1, 1});
  CHECK(logical_xor(a, b).to_ids() == Ids{0, 1, 1, 0});
  CHECK(logical_not(a).to_ids() == Ids{1, 1, 0, 0});
}

TEST_CASE("any and all, along axes and of nothing") {
  const Tensor m = Tensor::from(Ids{0, 7, 0, 0, -7, 7}, {2, 3});
  CHECK(any(m).item() == 1);
  CHECK(all(m).item() == 0);
  CHECK(any(m, {0}).to_ids() == Ids{0, 1, 1});
  CHECK(all(m, {0}).to_ids() == Ids{0, 1, 0});
  CHECK(all(m, {-1}).to_ids() == Ids{0, 0});
  CHECK(all(Tensor::full({2, 2}, 3, DType::i64), {1}, true).shape() == Shape{2, 1});
  CHECK(any(Tensor::from(Ids{1, -1})).item() == 1);  // which sum to 0
  const Tensor none = Tensor::zeros({0, 2}, DType::i64);
  CHECK(any(none, {0}).to_ids() == Ids{0, 0});
  CHECK(all(none, {0}).to_ids() == Ids{1, 1});
  CHECK(all(none).item() == 1);
}

TEST_CASE("a mask chooses, and its gradient goes the way that was chosen") {
  const Tensor x = Tensor::from(Numbers{-2, 0, 3});
  Tape tape;
  const Tensor y = where(less(x, 0), -x, x * x);
  CHECK(y.to_vector() == Numbers{2, 0, 9});
  CHECK(tape.gradients(sum(y), {x})[0].to_vector() == Numbers{-1, 0, 6});
}

TEST_CASE("comparisons and masks say what does not fit") {
  const Tensor f = Tensor::zeros({2, 3}), d = Tensor::zeros({2, 3}, DType::f64), m = Tensor::arange(3);
  CHECK_THROWS_WITH(less(f, d), ContainsSubstring("less: operand 1 is f64 [2, 3]") && ContainsSubstring("f32"));
  CHECK_THROWS_WITH(equal(f, Tensor::zeros({4})),
                    ContainsSubstring("equal") && ContainsSubstring("[2, 3]") && ContainsSubstring("[4]"));
  CHECK_THROWS_WITH(greater(m, 0.5), ContainsSubstring("greater: 0.5"));
  CHECK_THROWS_WITH(greater(m, kNaN), ContainsSubstring("greater: nan"));
  CHECK_THROWS_WITH(isnan(Tensor()), ContainsSubstring("isnan") && ContainsSubstring("undefined"));
  CHECK_THROWS_WITH(less(Tensor(), 1), ContainsSubstring("less") && ContainsSubstring("undefined"));
  CHECK_THROWS_WITH(less(f, Tensor()), ContainsSubstring("less: operand 1 is an undefined tensor"));
  CHECK_THROWS_WITH(logical_and(m, f), ContainsSubstring("logical_and: operand 1 is f32"));
  CHECK_THROWS_WITH(logical_not(f), ContainsSubstring("logical_not: wants i64"));
  CHECK_THROWS_WITH(any(f), ContainsSubstring("any: wants i64"));
  CHECK_THROWS_WITH(all(Tensor()), ContainsSubstring("all: operand 0 is an undefined tensor"));
  CHECK_THROWS_WITH(all(m, {1}), ContainsSubstring("all: axis 1"));
}
