#include "nn/layers/conv2d.h"
#include "nn/layers/dropout.h"
#include "nn/layers/embedding.h"
#include "nn/layers/linear.h"
#include "nn/layers/maxout.h"

#include "tests/nn/checks.h"

using namespace heed;
using namespace heed::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::vector<std::string> names(auto&& model) {
  std::vector<std::string> found;
  for (const NamedTensor& t : named_tensors(model)) found.push_back(t.name);
  return found;
}

}  // namespace

TEST_CASE("Linear: y = x W^T + b") {
  Rng rng(1);
  Linear layer(3, 2, rng);
  CHECK(names(layer) == std::vector<std::string>{"weight", "bias"});
  layer.weight = Tensor::from(std::vector<double>{1, 2, 3, 4, 5, 6}, {2, 3});
  layer.bias = Tensor::from(std::vector<double>{10, 20});
  CHECK(layer(Tensor::from(std::vector<double>{1, 0, -1}, {1, 3})).to_vector() == std::vector<double>{8, 18});
  const Tensor deep = layer(Tensor::zeros({4, 5, 3}, DType::f64));
  CHECK(deep.shape() == Shape{4, 5, 2});
  Linear bare(3, 2, rng, false);
  CHECK(names(bare) == std::vector<std::string>{"weight"});
  CHECK_THROWS_WITH(Linear(0, 2, rng), ContainsSubstring("0 inputs"));
  CHECK_THROWS_WITH(bare(Tensor::zeros({4, 5})), ContainsSubstring("[4, 5]") && ContainsSubstring("[2, 3]"));
}

TEST_CASE("Linear and Conv2d begin within one over the root of their fan in") {
  Rng rng(2);
  const Linear layer(100, 200, rng);
  CHECK(largest(layer.weight) <= 0.1);
  CHECK(largest(layer.weight) > 0.099);
  CHECK(largest(layer.bias) <= 0.1);
  const Conv2d conv(8, 50, {3, 3}, rng, {{1, 1}, {1, 1}, {1, 1}, 2});
  CHECK(conv.weight.shape() == Shape{50, 4, 3, 3});
  CHECK(largest(conv.weight) <= 1.0 / 6);
  CHECK(largest(conv.weight) > 0.99 / 6);
  CHECK(conv(Tensor::zeros({2, 8, 5, 7})).shape() == Shape{2, 50, 5, 7});
  CHECK_THROWS_WITH(Conv2d(3, 4, {3, 3}, rng, {{1, 1}, {0, 0}, {1, 1}, 2}), ContainsSubstring("2 groups"));
}

TEST_CASE("Embedding gives the rows of its ids") {
  Rng rng(3);
  const Embedding table(5, 2, rng, 0.01);
  CHECK(largest(table.weight) < 0.06);
  const Tensor rows = table(Tensor::from(std::vector<int64_t>{4, 0, 4}));
  REQUIRE(rows.shape() == Shape{3, 2});
  CHECK(rows.at({0, 1}) == table.weight.at({4, 1}));
  CHECK(rows.at({1, 0}) == table.weight.at({0, 0}));
  CHECK_THROWS_AS(table(Tensor::from(std::vector<int64_t>{5})), Error);
  CHECK_THROWS_WITH(Embedding(0, 2, rng), ContainsSubstring("0 words"));
}

TEST_CASE("dropout keeps the mean, and drops in the gradient what it dropped in the value") {
  Rng rng(4);
  const Tensor x = Tensor::full({200, 100}, 1, DType::f64);
  Tape tape;
  const Tensor y = dropout(x, 0.25, rng);
  const Tensor gradient = tape.gradients(sum(y), std::vector<Tensor>{x})[0];
  CHECK(gradient.to_vector() == y.to_vector());
  int64_t dropped = 0;
  for (double v : y.to_vector()) {
    REQUIRE((v == 0 || v == Catch::Approx(4.0 / 3)));
    dropped += v == 0;
  }
  CHECK(std::abs(dropped - 5000) < 250);
}

TEST_CASE("dropout at p = 0 is the identity and draws nothing") {
  Rng rng(5);
  const Tensor x = Tensor::full({3}, 1);
  CHECK(dropout(x, 0, rng).is(x));
  CHECK(rng.state() == Rng(5).state());
  CHECK_THROWS_WITH(dropout(x, 1, rng), ContainsSubstring("[0, 1)"));
  CHECK_THROWS_WITH(dropout_with_mask(x, x, -0.5), ContainsSubstring("-0.5"));
}

TEST_CASE("dropout is a function of the position in its stream, in both precisions") {
  Rng a(6), b(6);
  const Tensor x = Tensor::full({50}, 1);
  const std::vector<double> f32 = dropout(x, 0.5, a).to_vector();
  CHECK(dropout(to(x, DType::f64), 0.5, b).to_vector() == f32);
  CHECK(dropout(x, 0.5, a).to_vector() != f32);
}

TEST_CASE("dropout_with_mask broadcasts integer masks") {
  const Tensor mask = Tensor::from(std::vector<int64_t>{1, 0}, {1, 2});
  const Tensor x = Tensor::from(std::vector<double>{1, 2, 3, 4}, {2, 2});
  CHECK(dropout_with_mask(x, mask, 0.5).to_vector() == std::vector<double>{2, 0, 6, 0});
}

TEST_CASE("maxout takes the largest of each pool, the first of equals") {
  const Tensor x = Tensor::from(std::vector<double>{1, 3, 2, 2, -1, -5}, {1, 6});
  CHECK(maxout(x, 2).to_vector() == std::vector<double>{3, 2, -1});
  CHECK(maxout(x, 3).to_vector() == std::vector<double>{3, 2});
  CHECK(maxout(x, 1).to_vector() == x.to_vector());
  Tape tape;
  const Tensor y = maxout(x, 2);
  CHECK(tape.gradients(sum(y), std::vector<Tensor>{x})[0].to_vector() == std::vector<double>{0, 1, 1, 0, 1, 0});
}

TEST_CASE("maxout of any length, in both precisions") {
  for (int64_t length : {1, 2, 8, 15, 16, 17, 33})
    for (int64_t pool : {1, 2, 3}) {
      const Tensor x = random_tensor({3, length * pool}, static_cast<uint32_t>(length));
      const std::vector<double> values = x.to_vector(), y = maxout(x, pool).to_vector();
      const std::vector<double> y32 = maxout(to(x, DType::f32), pool).to_vector();
      REQUIRE(y.size() == static_cast<size_t>(3 * length));
      for (size_t j = 0; j < y.size(); ++j) {
        const auto from = values.begin() + static_cast<int64_t>(j) * pool;
        REQUIRE(y[j] == *std::max_element(from, from + pool));
        REQUIRE(y32[j] == static_cast<float>(y[j]));
      }
    }
}

TEST_CASE("maxout of nothing is empty, and odd lengths are refused") {
  CHECK(maxout(Tensor::zeros({0, 4}), 2).shape() == Shape{0, 2});
  CHECK_THROWS_WITH(maxout(Tensor::zeros({2, 5}), 2), ContainsSubstring("[2, 5]") && ContainsSubstring("pools of 2"));
}
