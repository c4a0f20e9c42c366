#include "nn/losses/linear_cross_entropy.h"

#include <cmath>

#include "autograd/base/memory.h"
#include "autograd/tape/tape.h"
#include "tests/catch.hpp"

using namespace heed;

namespace {

// The loss and the gradients of x, weight and bias, all in one list.
std::vector<double> solve(const std::function<Tensor()>& loss, const std::vector<Tensor>& of) {
  Tape tape;
  const Tensor y = loss();
  std::vector<double> all = y.to_vector();
  for (const Tensor& g : tape.gradients(y, of))
    for (double value : g.to_vector()) all.push_back(value);
  return all;
}

}  // namespace

TEST_CASE("the loss in blocks and its gradients are those of the logits", "[losses]") {
  Rng rng(8);
  for (const int64_t rows : {1, 384, 385, 1000})
    for (const Reduction reduction : {Reduction::sum, Reduction::mean})
      for (const double smoothing : {0.0, 0.1}) {
        Linear layer;
        layer.weight = rng.normal({7, 5}, 0, 1, DType::f64);
        if (smoothing == 0) layer.bias = rng.normal({7}, 0, 1, DType::f64);
        const Tensor x = rng.normal({rows, 5}, 0, 1, DType::f64);
        std::vector<int64_t> ids(static_cast<size_t>(rows));
        for (int64_t& id : ids) id = rng.below(7);
        const Tensor targets = Tensor::from(ids);
        const CrossEntropyOptions options{
            .ignore_index = 3, .label_smoothing = smoothing, .weight = {}, .reduction = reduction};
        std::vector<Tensor> of{x, layer.weight};
        if (layer.bias) of.push_back(layer.bias);
        const auto blocks = solve([&] { return linear_cross_entropy(x, layer, targets, options); }, of);
        const auto plain = solve([&] { return cross_entropy(layer(x), targets, options); }, of);
        REQUIRE(blocks.size() == plain.size());
        double apart = 0;
        for (size_t i = 0; i < plain.size(); ++i)
          apart = std::max(apart, std::abs(blocks[i] - plain[i]) / std::max(1.0, std::abs(plain[i])));
        INFO(rows << " rows, smoothing " << smoothing);
        CHECK(apart < 1e-12);
      }
}

TEST_CASE("the loss in blocks never holds all logits", "[losses]") {
  Rng rng(8);
  const int64_t rows = 4000, classes = 3000;
  Linear layer(16, classes, rng);
  const Tensor x = rng.normal({rows, 16}, 0, 1), targets = Tensor::from(std::vector<int64_t>(rows, 5));
  memory::reset_peak();
  const int64_t before = memory::live_bytes();
  solve([&] { return linear_cross_entropy(x, layer, targets); }, {x, layer.weight, layer.bias});
  CHECK(memory::peak_bytes() - before < rows * classes * 4 / 2);
}

TEST_CASE("the loss in blocks refuses what it cannot mean, and tells a wrong target's place", "[losses]") {
  Rng rng(8);
  Linear layer(4, 6, rng);
  const Tensor x = rng.normal({500, 4}, 0, 1);
  std::vector<int64_t> ids(500, 1);
  ids[450] = 6;
  CHECK_THROWS_WITH(linear_cross_entropy(x, layer, Tensor::from(ids)),
                    Catch::Matchers::ContainsSubstring("target 6 (number 450 of 500)"));
  CHECK_THROWS_WITH(linear_cross_entropy(x, layer, Tensor::from(std::vector<int64_t>(9, 1))),
                    Catch::Matchers::ContainsSubstring("must be i64 [500]"));
  ids[450] = 1;
  const Tape tape;  // where losses and gradients are made at once
  CHECK_THROWS_WITH(linear_cross_entropy(x, layer, Tensor::from(ids), {.label_smoothing = 2}),
                    Catch::Matchers::ContainsSubstring("smoothing"));
}
