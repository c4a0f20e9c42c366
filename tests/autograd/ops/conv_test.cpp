#include "autograd/ops/conv.h"

#include <cmath>

#include "autograd/views/views.h"
#include "autograd/zip/activations.h"
#include "tests/nn/checks.h"

using namespace heed;
using namespace heed::test;
using Catch::Matchers::ContainsSubstring;

namespace {

// The formula, word by word.
Tensor conv_by_formula(const Tensor& x, const Tensor& w, const Tensor& bias, const Conv2dOptions& o) {
  const auto out = [&](int k) {
    return (x.size(k + 2) + 2 * o.padding[k] - o.dilation[k] * (w.size(k + 2) - 1) - 1) / o.stride[k] + 1;
  };
  Tensor y = Tensor::zeros({x.size(0), w.size(0), out(0), out(1)}, DType::f64);
  double* to = y.mutable_data<double>();
  for (int64_t n = 0; n < y.size(0); ++n)
    for (int64_t k = 0; k < y.size(1); ++k)
      for (int64_t i = 0; i < y.size(2); ++i)
        for (int64_t j = 0; j < y.size(3); ++j, ++to) {
          *to = bias ? bias.at({k}) : 0;
          for (int64_t c = 0; c < w.size(1); ++c)
            for (int64_t u = 0; u < w.size(2); ++u)
              for (int64_t v = 0; v < w.size(3); ++v) {
                const int64_t row = i * o.stride[0] - o.padding[0] + u * o.dilation[0];
                const int64_t column = j * o.stride[1] - o.padding[1] + v * o.dilation[1];
                if (row < 0 || row >= x.size(2) || column < 0 || column >= x.size(3)) continue;
                *to += w.at({k, c, u, v}) * x.at({n, k / (w.size(0) / o.groups) * w.size(1) + c, row, column});
              }
        }
  return y;
}

struct Sample {
  Shape x, w;
  Conv2dOptions options;
};

const std::vector<Sample> samples = {
    {{2, 3, 5, 6}, {4, 3, 3, 3}, {{1, 1}, {1, 1}, {1, 1}, 1}},
    {{2, 3, 5, 6}, {2, 3, 1, 1}, {}},  // 1x1
    {{2, 3, 5, 6}, {2, 3, 1, 1}, {{2, 3}, {0, 1}, {1, 1}, 1}},
    {{1, 2, 7, 6}, {3, 2, 3, 2}, {{2, 3}, {2, 1}, {2, 1}, 1}},
    {{3, 4, 4, 5}, {6, 2, 2, 3}, {{1, 2}, {1, 2}, {1, 2}, 2}},
    {{2, 3, 4, 4}, {3, 1, 3, 3}, {{1, 1}, {1, 1}, {1, 1}, 3}},  // each channel for itself
    {{2, 4, 3, 3}, {4, 2, 1, 1}, {{1, 1}, {0, 0}, {1, 1}, 2}},
    {{1, 1, 1, 1}, {1, 1, 1, 1}, {}},
    {{1, 1, 1, 2}, {2, 1, 2, 2}, {{1, 1}, {3, 4}, {1, 1}, 1}},  // some windows see only padding
    {{1, 2, 3, 4}, {2, 2, 3, 4}, {}},                           // one window
};

}  // namespace

TEST_CASE("conv2d by hand") {
  const Tensor x = Tensor::from(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 1, 3, 3});
  const Tensor w = Tensor::from(std::vector<double>{1, 0, 0, -1}, {1, 1, 2, 2});
  const Tensor b = Tensor::from(std::vector<double>{10});
  CHECK(conv2d(x, w, b).to_vector() == std::vector<double>{6, 6, 6, 6});
  const Tensor padded = conv2d(x, w, {}, {{2, 2}, {1, 1}, {1, 1}, 1});
  CHECK(padded.to_vector() == std::vector<double>{-1, -3, -7, -4});
}

TEST_CASE("conv2d computes its formula") {
  for (const Sample& s : samples) {
    INFO(to_string(s.x) << " " << to_string(s.w));
    const Tensor x = random_tensor(s.x, 1), w = random_tensor(s.w, 2), b = random_tensor({s.w[0]}, 3);
    const Tensor expected = conv_by_formula(x, w, b, s.options);
    const Tensor y = conv2d(x, w, b, s.options);
    REQUIRE(y.shape() == expected.shape());
    check_close(y.to_vector(), expected.to_vector(), 1e-12, 1e-13);
    // The same numbers, laid out otherwise.
    const Tensor turned = transpose(densify(transpose(x, 2, 3)), 2, 3);
    check_close(conv2d(turned, w, b, s.options).to_vector(), expected.to_vector(), 1e-12, 1e-13);
  }
}

TEST_CASE("conv2d with relu is relu of conv2d, recorded or not") {
  const auto check = [](const Tensor& x, const Tensor& w, const Tensor& b, Conv2dOptions options) {
    const std::vector<double> plain = relu(conv2d(x, w, b, options)).to_vector();
    options.relu = true;
    CHECK(conv2d(x, w, b, options).to_vector() == plain);
    Tape tape;
    CHECK(conv2d(x, w, b, options).to_vector() == plain);
  };
  for (const Sample& s : samples) {
    INFO(to_string(s.x) << " " << to_string(s.w));
    const Tensor x = random_tensor(s.x, 1), w = random_tensor(s.w, 2), b = random_tensor({s.w[0]}, 3);
    check(x, w, b, s.options);
    check(x, w, {}, s.options);
    const Tensor wide = expand(reshape(random_tensor({1}, 4), {1}), {s.w[0]});  // a bias that is a view
    check(x, w, wide, s.options);
  }
  // Winograd's way.
  Rng rng(5);
  const Tensor x = rng.uniform({2, 32, 24, 24}, -1, 1), w = rng.uniform({32, 32, 3, 3}, -1, 1);
  check(x, w, rng.uniform({32}, -1, 1), {.padding = {1, 1}});
  // No channels: the bias alone.
  const Tensor none = Tensor::zeros({2, 0, 3, 3}, DType::f64), weights = Tensor::zeros({2, 0, 2, 2}, DType::f64);
  const Tensor b = Tensor::from(std::vector<double>{-1, 2});
  check(none, weights, b, {});
  CHECK(conv2d(none, weights, b, {.relu = true}).at({1, 1, 0, 1}) == 2);
  // A NaN stays.
  const Tensor nan = Tensor::full({1, 1, 1, 1}, std::nan(""), DType::f64),
               one = Tensor::full({1, 1, 1, 1}, 1, DType::f64);
  CHECK(std::isnan(conv2d(nan, one, {}, {.relu = true}).item()));
}

TEST_CASE("conv2d works in strips of any height") {
  // 600 rows of columns of 18 KB each: more than one strip, the last one shorter.
  const Tensor x = random_tensor({1, 1, 67, 600}, 1), w = random_tensor({2, 1, 3, 3}, 2);
  const Conv2dOptions same{{1, 1}, {1, 1}, {1, 1}, 1};
  check_close(conv2d(x, w, {}, same).to_vector(), conv_by_formula(x, w, {}, same).to_vector(), 1e-12, 1e-13);
}

TEST_CASE("conv2d of an empty batch is empty, its gradients are zero") {
  const Tensor x = Tensor::zeros({0, 2, 4, 4}, DType::f64), w = random_tensor({3, 2, 3, 3}, 1),
               b = random_tensor({3}, 2);
  Tape tape;
  const Tensor y = conv2d(x, w, b);
  CHECK(y.shape() == Shape{0, 3, 2, 2});
  const Gradients gradients = tape.gradients({y}, {Tensor::zeros(y.shape(), DType::f64)}, {x, w, b});
  CHECK(gradients[0].shape() == x.shape());
  CHECK(gradients[1].to_vector() == std::vector<double>(54, 0));
  CHECK(gradients[2].to_vector() == std::vector<double>(3, 0));
}

TEST_CASE("conv2d names both shapes when they do not fit") {
  const Tensor x = Tensor::zeros({1, 3, 4, 4});
  CHECK_THROWS_WITH(conv2d(x, Tensor::zeros({2, 2, 3, 3})),
                    ContainsSubstring("[1, 3, 4, 4]") && ContainsSubstring("[2, 2, 3, 3]"));
  CHECK_THROWS_WITH(conv2d(x, Tensor::zeros({2, 3, 5, 3})), ContainsSubstring("larger than the padded image"));
  CHECK_THROWS_WITH(conv2d(x, Tensor::zeros({2, 3})), ContainsSubstring("wants x [N, C, H, W]"));
  CHECK_THROWS_WITH(conv2d(x, Tensor::zeros({2, 3, 3, 3}), Tensor::zeros({3})), ContainsSubstring("bias"));
  CHECK_THROWS_WITH(conv2d(x, Tensor::zeros({2, 3, 3, 3}, DType::f64)), ContainsSubstring("one type"));
  CHECK_THROWS_WITH(conv2d(x, Tensor::zeros({4, 1, 3, 3}), {}, {{1, 1}, {0, 0}, {1, 1}, 3}),
                    ContainsSubstring("groups"));
  CHECK_THROWS_WITH(conv2d(x, Tensor::zeros({2, 3, 3, 3}), {}, {{0, 1}, {0, 0}, {1, 1}, 1}),
                    ContainsSubstring("stride"));
  for (const int64_t huge : {kLargestSide, INT64_MAX / 2, INT64_MAX})
    for (const Conv2dOptions& options : {Conv2dOptions{.stride = {huge, 1}}, Conv2dOptions{.padding = {1, huge}},
                                         Conv2dOptions{.dilation = {huge, 1}}})
      CHECK_THROWS_WITH(conv2d(x, Tensor::zeros({2, 3, 3, 3}), {}, options), ContainsSubstring("conv2d: no stride"));
  CHECK_THROWS_AS(conv2d(x, Tensor::zeros({2, 3, 3, 3}), {}, {.padding = {kLargestSide - 1, kLargestSide - 1}}),
                  Error);
  CHECK_THROWS_WITH(conv2d(x, Tensor::zeros({2, 3, 3, 3}), {}, {.dilation = {kLargestSide - 1, 1}}),
                    ContainsSubstring("larger than the padded image"));
}
