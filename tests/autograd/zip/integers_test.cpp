#include "autograd/zip/integers.h"

#include <limits>

#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

namespace {
using Ids = std::vector<int64_t>;
constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();
}  // namespace

TEST_CASE("whole numbers are added, subtracted and multiplied, beyond what a double holds") {
  const int64_t large = (int64_t{1} << 60) + 1;
  const Tensor a = Tensor::from(Ids{large, -3, 5}), b = Tensor::from(Ids{2, 4, -6});
  CHECK((a + b).to_ids() == Ids{large + 2, 1, -1});
  CHECK((a - b).to_ids() == Ids{large - 2, -7, 11});
  CHECK((a * b).to_ids() == Ids{2 * large, -12, -30});
  CHECK((-a).to_ids() == Ids{-large, 3, -5});
  CHECK((a + 1).to_ids() == Ids{large + 1, -2, 6});
  CHECK((1 - b).to_ids() == Ids{-1, -3, 7});
  CHECK((a * 2).to_ids() == Ids{2 * large, -6, 10});
  CHECK(maximum(a, b).to_ids() == Ids{large, 4, 5});
  CHECK(minimum(a, b).to_ids() == Ids{2, -3, -6});
  CHECK(square(b).to_ids() == Ids{4, 16, 36});
  CHECK(where(Tensor::from(Ids{1, 0, 2}), a, b).to_ids() == Ids{large, 4, 5});
  CHECK(masked_fill(b, Tensor::from(Ids{0, 1, 0}), 9).to_ids() == Ids{2, 9, -6});
}

TEST_CASE("whole numbers that overflow come round again") {
  const Tensor x = Tensor::from(Ids{kLowest});
  CHECK((x - 1).to_ids() == Ids{std::numeric_limits<int64_t>::max()});
  CHECK((x + x).to_ids() == Ids{0});
  CHECK((x * 3).to_ids() == Ids{kLowest});
  CHECK((-x).to_ids() == Ids{kLowest});
}

TEST_CASE("whole numbers broadcast, in every length, and lie anywhere") {
  for (int64_t n : {0, 1, 3, 8, 17, 64, 100}) {
    const Tensor row = Tensor::arange(n), column = Tensor::from(Ids{10, 20, 30}, {3, 1});
    const Tensor y = column + row;
    REQUIRE(y.shape() == Shape{3, n});
    for (int64_t i = 0; i < 3; ++i)
      for (int64_t j = 0; j < n; ++j) REQUIRE(y.data<int64_t>()[i * n + j] == 10 * (i + 1) + j);
  }
  const Tensor table = Tensor::from(Ids{1, 2, 3, 4, 5, 6}, {2, 3});
  const Tensor turned = table.view({3, 2}, {1, 3});
  CHECK((turned * turned).to_ids() == Ids{1, 16, 4, 25, 9, 36});
}

TEST_CASE("division of whole numbers rounds down, and the remainder has the divisor's sign") {
  const Tensor a = Tensor::from(Ids{7, -7, 7, -7, 6, -6, 0, 1}), b = Tensor::from(Ids{2, 2, -2, -2, 3, 3, -5, 9});
  CHECK(floor_divide(a, b).to_ids() == Ids{3, -4, -4, 3, 2, -2, 0, 0});
  CHECK(remainder(a, b).to_ids() == Ids{1, 1, -1, -1, 0, 0, 0, 1});
  CHECK(floor_divide(a, 4).to_ids() == Ids{1, -2, 1, -2, 1, -2, 0, 0});
  CHECK(remainder(a, 4).to_ids() == Ids{3, 1, 3, 1, 2, 2, 0, 1});
  const Tensor lowest = Tensor::from(Ids{kLowest, 5});
  CHECK(floor_divide(lowest, 2).to_ids() == Ids{kLowest / 2, 2});
  CHECK(remainder(lowest, -1).to_ids() == Ids{0, 0});
  CHECK(floor_divide(lowest, -1).to_ids() == Ids{kLowest, -5});  // modulo 2^64
  CHECK(floor_divide(Tensor::zeros({0}, DType::i64), Tensor::zeros({0}, DType::i64)).numel() == 0);
}

TEST_CASE("division by zero is an error that says where") {
  const Tensor a = Tensor::arange(6).view({2, 3}, {3, 1}), b = Tensor::from(Ids{1, 2, 0, 4, 5, 6}, {2, 3});
  CHECK_THROWS_WITH(floor_divide(a, b), ContainsSubstring("floor_divide: division by zero") &&
                                            ContainsSubstring("[0, 2]") && ContainsSubstring("i64 [2, 3]"));
  CHECK_THROWS_WITH(remainder(a, 0), ContainsSubstring("remainder: division by zero"));
}

TEST_CASE("what is not whole does not meet whole numbers") {
  const Tensor ids = Tensor::arange(3), floats = Tensor::zeros({3});
  CHECK_THROWS_WITH(ids + floats, ContainsSubstring("add: operand 1 is f32 [3]") && ContainsSubstring("i64 [3]"));
  CHECK_THROWS_AS(floats + ids, Error);
  CHECK_THROWS_WITH(ids + 0.5, ContainsSubstring("add: 0.5 is no whole number"));
  CHECK_THROWS_WITH(ids * 1e30, ContainsSubstring("mul") && ContainsSubstring("1e+30"));
  CHECK_THROWS_WITH(masked_fill(ids, ids, 0.5), ContainsSubstring("masked_fill"));
  CHECK_THROWS_WITH(ids / ids, ContainsSubstring("div") && ContainsSubstring("floor_divide"));
  CHECK_THROWS_WITH(ids / 2, ContainsSubstring("div") && ContainsSubstring("floor_divide"));
  CHECK_THROWS_WITH(floats / ids, ContainsSubstring("div") && ContainsSubstring("floor_divide"));
  CHECK_THROWS_WITH(mean(ids), ContainsSubstring("mean: wants f32 or f64"));
  CHECK_THROWS_WITH(mean(Tensor::arange(1)), ContainsSubstring("mean: wants f32 or f64"));
  CHECK_THROWS_WITH(floor_divide(floats, floats), ContainsSubstring("floor_divide: wants i64 numbers"));
  CHECK_THROWS_WITH(remainder(ids, floats), ContainsSubstring("remainder: operand 1 is f32"));
  CHECK_THROWS_WITH(ids + Tensor::arange(4),
                    ContainsSubstring("add") && ContainsSubstring("[3]") && ContainsSubstring("[4]"));
  CHECK_THROWS_WITH(floor_divide(ids, Tensor()), ContainsSubstring("operand 1 is an undefined tensor"));
  CHECK_THROWS_WITH(remainder(Tensor(), 3), ContainsSubstring("operand 0 is an undefined tensor"));
}

TEST_CASE("whole numbers leave nothing on a tape") {
  Tape tape;
  const Tensor x = Tensor::scalar(3, DType::f64);
  const Tensor steps = Tensor::arange(3) * 2 + 1;
  const Tensor y = x * to(remainder(steps, 3), DType::f64);
  CHECK(y.to_vector() == std::vector<double>{3, 0, 6});
  CHECK(tape.gradients({y}, {Tensor::full({3}, 1, DType::f64)}, {x})[0].item() == 3);
}
