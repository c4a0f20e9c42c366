#include "nn/layers/batch_norm.h"
#include "nn/layers/layer_norm.h"

#include "autograd/views/views.h"
#include "tests/nn/checks.h"

using namespace heed;
using namespace heed::test;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Sample {
  Shape x, normalized;
};
const std::vector<Sample> samples = {{{4, 7}, {7}}, {{2, 3, 17}, {17}}, {{3, 4, 5}, {4, 5}}, {{9}, {9}},
                                     {{5, 1}, {1}}, {{0, 6}, {6}},      {{1, 40}, {40}}};

// The formula as the papers have it.
Tensor layer_norm_plain(const Tensor& x, const Shape& normalized, const Tensor& weight, const Tensor& bias,
                        double eps) {
  Axes axes;
  for (int i = 0; i < normalized.rank(); ++i) axes.push_back(i - normalized.rank());
  Tensor y = (x - mean(x, axes, true)) / sqrt(var(x, axes, true) + eps);
  if (weight) y = y * weight;
  return bias ? y + bias : y;
}

// Value and gradients of a layer norm, one after the other.
std::vector<double> everything(bool plain, const std::vector<Tensor>& x, const Shape& normalized) {
  const Tensor weight = x.size() > 1 ? x[1] : Tensor(), bias = x.size() > 2 ? x[2] : Tensor();
  Tape tape;
  const Tensor y = (plain ? layer_norm_plain : layer_norm)(x[0], normalized, weight, bias, 1e-3);
  std::vector<double> all = y.to_vector();
  for (const Tensor& g : tape.gradients({y}, {to(random_tensor(y.shape(), 9), y.dtype())}, x))
    for (double v : g.to_vector()) all.push_back(v);
  return all;
}

}  // namespace

TEST_CASE("batch norm with a weight alone, or a bias alone", "[batch_norm]") {
  const Tensor x = Tensor::from<float>({1, 2}, {2, 1});
  BatchNorm weighted(1), shifted(1);
  weighted.bias = {}, weighted.weight = Tensor::from<float>({5}), weighted.eps = 0;
  shifted.weight = {}, shifted.bias = Tensor::from<float>({7}), shifted.eps = 0;
  CHECK(weighted(x, false).to_vector() == std::vector<double>{5, 10});
  CHECK(shifted(x, false).to_vector() == std::vector<double>{8, 9});
}

TEST_CASE("layer_norm by hand: mean 0, variance 1, then weight and bias") {
  const Tensor x = Tensor::from(std::vector<double>{1, 3, 10, 30}, {2, 2});
  const Tensor w = Tensor::from(std::vector<double>{2, 5}), b = Tensor::from(std::vector<double>{0, 1});
  check_close(layer_norm(x, {2}, w, b, 0).to_vector(), {-2, 6, -2, 6}, 1e-12, 1e-12);
}

TEST_CASE("layer_norm is what its formula says, values and gradients") {
  for (const Sample& s : samples) {
    INFO(to_string(s.x));
    const std::vector<Tensor> x = {random_tensor(s.x, 1), random_tensor(s.normalized, 2),
                                   random_tensor(s.normalized, 3)};
    for (size_t count : {1, 2, 3}) {
      const std::vector<Tensor> some(x.begin(), x.begin() + static_cast<int64_t>(count));
      check_close(everything(false, some, s.normalized), everything(true, some, s.normalized), 1e-9, 1e-10);
      std::vector<Tensor> single;
      for (const Tensor& t : some) single.push_back(to(t, DType::f32));
      check_close(everything(false, single, s.normalized), everything(true, single, s.normalized), 1e-4, 1e-4);
    }
  }
}

TEST_CASE("layer_norm reads views") {
  const Tensor x = random_tensor({7, 4}, 1), turned = transpose(x, 0, 1);
  CHECK(layer_norm(turned, {7}).to_vector() == layer_norm(densify(turned), {7}).to_vector());
}

TEST_CASE("layer_norm of large equal numbers stays finite and takes them out") {
  const Tensor x = Tensor::full({2, 8}, 1e4);
  for (double v : layer_norm(x, {8}).to_vector()) CHECK(std::abs(v) < 0.5);
}

TEST_CASE("LayerNorm lists its parts, and refuses what does not fit") {
  LayerNorm layer({6});
  CHECK(named_tensors(layer).size() == 2);
  CHECK(layer(Tensor::zeros({3, 6})).shape() == Shape{3, 6});
  LayerNorm bare({6}, 1e-5, false);
  CHECK(named_tensors(bare).empty());
  CHECK_THROWS_WITH(layer(Tensor::zeros({6, 3})), ContainsSubstring("[6, 3]") && ContainsSubstring("[6]"));
  CHECK_THROWS_WITH(layer_norm(Tensor::zeros({3, 6}), {6}, Tensor::zeros({3})), ContainsSubstring("[3]"));
}

TEST_CASE("BatchNorm in training normalizes each channel and averages its statistics") {
  BatchNorm layer(2);
  const Tensor x = Tensor::from(std::vector<float>{1, 10, 3, 30}, {2, 2});
  const std::vector<double> y = layer(x, true).to_vector();
  for (size_t i = 0; i < 4; ++i) CHECK(y[i] == Approx(i < 2 ? -1 : 1).epsilon(1e-4));
  check_close(layer.running_mean.to_vector(), {0.2, 2}, 1e-6);
  // The variance is unbiased: divided by n - 1.
  check_close(layer.running_var.to_vector(), {0.9 + 0.1 * 2, 0.9 + 0.1 * 200}, 1e-6);
}

TEST_CASE("BatchNorm in use takes the running statistics and leaves them") {
  BatchNorm layer(1);
  layer.running_mean = Tensor::full({1}, 2), layer.running_var = Tensor::full({1}, 4), layer.eps = 0;
  layer.weight = Tensor::full({1}, 3), layer.bias = Tensor::full({1}, 1);
  CHECK(layer(Tensor::full({1, 1}, 6), false).item() == Approx(7));
  CHECK(layer.running_mean.item() == 2);
}

TEST_CASE("BatchNorm lists running statistics as kept, not trained") {
  BatchNorm layer(3);
  const std::vector<NamedTensor> parts = named_tensors(layer);
  REQUIRE(parts.size() == 4);
  CHECK(parts[1].trained);
  CHECK(parts[2].name == "running_mean");
  CHECK_FALSE(parts[2].trained);
}

TEST_CASE("BatchNorm without affine part, and with what does not fit") {
  BatchNorm bare(2, false);
  CHECK(named_tensors(bare).size() == 2);
  CHECK(bare(Tensor::zeros({3, 2}), true).to_vector() == std::vector<double>(6, 0));
  CHECK_THROWS_WITH(bare(Tensor::zeros({3, 4}), false),
                    ContainsSubstring("[N, 2, ..]") && ContainsSubstring("[3, 4]"));
  CHECK_THROWS_WITH(bare(Tensor::zeros({1, 2}), true), ContainsSubstring("1 value"));
  CHECK_THROWS_WITH(BatchNorm(0), ContainsSubstring("0 channels"));
}
