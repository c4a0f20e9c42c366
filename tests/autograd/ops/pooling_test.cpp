#include "autograd/ops/pooling.h"

#include <limits>

#include "autograd/ops/max_pooling.h"
#include "autograd/views/views.h"
#include "tests/nn/checks.h"

using namespace heed;
using namespace heed::test;
using Catch::Matchers::ContainsSubstring;

namespace {

Pool2dOptions pool(std::array<int64_t, 2> kernel, std::array<int64_t, 2> stride = {0, 0},
                   std::array<int64_t, 2> padding = {0, 0}, std::array<int64_t, 2> dilation = {1, 1},
                   bool ceil = false) {
  Pool2dOptions options;
  options.kernel = kernel, options.stride = stride, options.padding = padding, options.dilation = dilation;
  options.ceil_mode = ceil;
  return options;
}

// Distinct numbers, far enough apart for finite differences.
Tensor shuffled(const Shape& shape) {
  std::vector<double> values(static_cast<size_t>(shape.numel()));
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i * 7919 % values.size()) / 10;
  return Tensor::from(values, shape);
}

}  // namespace

TEST_CASE("max_pool2d by hand") {
  const Tensor x = Tensor::from(std::vector<double>{1, 5, 2, 5, 4, 3, 0, 6, 7}, {1, 1, 3, 3});
  const auto [values, places] = max_pool2d_with_places(x, pool({2, 2}, {1, 1}));
  CHECK(values.to_vector() == std::vector<double>{5, 5, 6, 7});
  CHECK(places.to_ids() == std::vector<int64_t>{1, 1, 7, 8});  // the first of the equal fives
  const auto [padded, where] = max_pool2d_with_places(x, pool({2, 2}, {2, 2}, {1, 1}));
  CHECK(padded.to_vector() == std::vector<double>{1, 5, 5, 7});
  CHECK(where.to_ids() == std::vector<int64_t>{0, 1, 3, 8});
}

TEST_CASE("max_pool2d without places gives the same values") {
  Rng rng(11);
  for (int round = 0; round < 40; ++round) {
    const Shape shape{1 + rng.below(2), 1 + rng.below(3), 5 + rng.below(30), 5 + rng.below(40)};
    Pool2dOptions options = pool({1 + rng.below(3), 1 + rng.below(3)}, {1 + rng.below(3), 1 + rng.below(3)});
    options.padding = {options.kernel[0] / 2 * rng.below(2), options.kernel[1] / 2};
    options.dilation = {1 + rng.below(2), 1 + rng.below(2)};
    options.ceil_mode = rng.below(2);
    const Tensor x = rng.uniform(shape, -1, 1);
    CHECK(max_pool2d(x, options).to_vector() == max_pool2d_with_places(x, options).first.to_vector());
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Tensor x = Tensor::from(std::vector<double>{1, nan, 3, 4}, {1, 1, 2, 2});
  CHECK(std::isnan(max_pool2d(x, {}).item()));
  for (const int64_t place : {0, 7, 15, 16, 17, 38, 39}) {  // in every register of a row, also in one that overlaps
    Tensor row = rng.uniform({1, 1, 1, 40}, -1, 1);
    row.mutable_data<float>()[place] = std::numeric_limits<float>::quiet_NaN();
    const std::vector<double> y = max_pool2d(row, pool({1, 3}, {1, 1})).to_vector();
    for (int64_t i = 0; i < 38; ++i) CHECK(std::isnan(y[static_cast<size_t>(i)]) == (i <= place && place < i + 3));
  }
}

TEST_CASE("max_pool2d: infinities are numbers, a NaN stays") {
  const double inf = std::numeric_limits<double>::infinity();
  const Tensor low = Tensor::full({1, 1, 2, 2}, -inf, DType::f64);
  CHECK(max_pool2d_with_places(low, pool({2, 2})).first.item() == -inf);
  CHECK(max_pool2d_with_places(low, pool({2, 2})).second.item() == 0);
  const Tensor x = Tensor::from(std::vector<double>{1, NAN, 3, inf}, {1, 1, 2, 2});
  CHECK(std::isnan(max_pool2d_with_places(x, pool({2, 2})).first.item()));
}

TEST_CASE("max_pool2d: a window that sees only padding takes nothing") {
  const Tensor x = Tensor::from(std::vector<double>{3}, {1, 1, 1, 1});
  Tape tape;
  const auto [y, places] = max_pool2d_with_places(x, pool({2, 2}, {1, 1}, {1, 1}, {2, 2}));
  REQUIRE(y.shape() == Shape{1, 1, 1, 1});
  CHECK(places.item() == -1);
  CHECK(y.item() == -std::numeric_limits<double>::infinity());
  CHECK(tape.gradients(y, std::vector<Tensor>{x})[0].item() == 0);
}

TEST_CASE("max_pool2d gives the gradient to the winners, as often as they win") {
  const Tensor x = Tensor::from(std::vector<double>{1, 5, 2, 5, 4, 3, 0, 6, 7}, {1, 1, 3, 3});
  Tape tape;
  const Tensor y = max_pool2d_with_places(x, pool({2, 2}, {1, 1})).first;
  CHECK(tape.gradients(sum(y), std::vector<Tensor>{x})[0].to_vector() ==
        std::vector<double>{0, 2, 0, 0, 0, 0, 0, 1, 1});
}

TEST_CASE("avg_pool2d divides by what the options say") {
  const Tensor x = Tensor::from(std::vector<double>{1, 2, 3, 4}, {1, 1, 2, 2});
  Pool2dOptions options = pool({2, 2}, {2, 2}, {1, 1});
  CHECK(avg_pool2d(x, options).to_vector() == std::vector<double>{0.25, 0.5, 0.75, 1});
  options.count_include_pad = false;
  CHECK(avg_pool2d(x, options).to_vector() == std::vector<double>{1, 2, 3, 4});
  options.divisor = 2;
  CHECK(avg_pool2d(x, options).to_vector() == std::vector<double>{0.5, 1, 1.5, 2});
}

TEST_CASE("ceil_mode adds a window that is cut off, but none that starts in the padding") {
  const Tensor x = Tensor::from(std::vector<double>{1, 2, 3, 4, 5}, {1, 1, 1, 5});
  CHECK(avg_pool2d(x, pool({1, 2}, {1, 2})).to_vector() == std::vector<double>{1.5, 3.5});
  CHECK(avg_pool2d(x, pool({1, 2}, {1, 2}, {0, 0}, {1, 1}, true)).to_vector() == std::vector<double>{1.5, 3.5, 5});
  // ceil((3 + 2 - 2) / 3) + 1 = 2 windows start at -1 and 2; of 5 numbers a third would start at
  // 5, in the padding.
  CHECK(max_pool2d_with_places(x, pool({1, 2}, {1, 3}, {0, 1}, {1, 1}, true)).first.to_vector() ==
        std::vector<double>{1, 4});
}

TEST_CASE("adaptive_avg_pool2d covers the image with the cells asked for") {
  const Tensor x = Tensor::from(std::vector<double>{1, 2, 3, 4, 5}, {1, 1, 1, 5});
  CHECK(adaptive_avg_pool2d(x, 1, 2).to_vector() == std::vector<double>{2, 4});
  CHECK(adaptive_avg_pool2d(x, 1, 5).to_vector() == x.to_vector());
  CHECK(adaptive_avg_pool2d(x, 2, 1).to_vector() == std::vector<double>{3, 3});
}

TEST_CASE("Pooling reads views, and empty batches") {
  const Tensor x = shuffled({1, 2, 4, 6});
  const Tensor turned = transpose(densify(transpose(x, 2, 3)), 2, 3);
  CHECK(max_pool2d_with_places(turned, pool({2, 2})).first.to_vector() ==
        max_pool2d_with_places(x, pool({2, 2})).first.to_vector());
  CHECK(avg_pool2d(turned, pool({2, 2})).to_vector() == avg_pool2d(x, pool({2, 2})).to_vector());
  const Tensor none = Tensor::zeros({0, 2, 4, 6});
  CHECK(max_pool2d_with_places(none, pool({2, 2})).first.shape() == Shape{0, 2, 2, 3});
  CHECK(avg_pool2d(none, pool({2, 2})).shape() == Shape{0, 2, 2, 3});
}

TEST_CASE("Pooling says what does not fit") {
  const Tensor x = Tensor::zeros({1, 1, 3, 3});
  CHECK_THROWS_WITH(max_pool2d_with_places(x, pool({4, 2})),
                    ContainsSubstring("[4, 2]") && ContainsSubstring("[1, 1, 3, 3]"));
  CHECK_THROWS_WITH(max_pool2d_with_places(x, pool({2, 2}, {1, 1}, {2, 0})),
                    ContainsSubstring("at most half the kernel"));
  CHECK_THROWS_WITH(avg_pool2d(Tensor::zeros({3, 3}), pool({2, 2})), ContainsSubstring("[N, C, H, W]"));
  CHECK_THROWS_WITH(avg_pool2d(x, pool({2, 2}, {1, 1}, {0, 0}, {2, 2})), ContainsSubstring("no dilation"));
  CHECK_THROWS_WITH(adaptive_avg_pool2d(x, 0, 1), ContainsSubstring("[0, 1] cells"));
  CHECK_THROWS_WITH(adaptive_avg_pool2d(x, 1, INT64_MAX), ContainsSubstring("cells"));
  CHECK_THROWS_WITH(max_pool2d(x, pool({INT64_MAX, 1}, {1, 1}, {INT64_MAX / 2, 0})),
                    ContainsSubstring("max_pool2d: no kernel"));
  CHECK_THROWS_WITH(avg_pool2d(x, pool({2, 2}, {1, INT64_MAX})), ContainsSubstring("avg_pool2d: no kernel"));
}
