// What was not chosen gets the gradient 0, whatever comes behind it: the slope of sqrt at 0 is infinite, and 0 times that
// is not 0.
#include <cmath>

#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/activations.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"
#include "nn/attention/hard_attention.h"
#include "nn/attention/reading.h"
#include "nn/layers/dropout.h"
#include "nn/losses/losses.h"
#include "tests/catch.hpp"

namespace heed {
namespace {

using Numbers = std::vector<double>;
const double unknown = std::nan(""), boundless = INFINITY;

// Of the sum of f(x), by the kernel and by recorded operations.
template <class F>
void check_gradient(const Tensor& x, F f, const Numbers& right) {
  for (const bool nested : {false, true}) {
    std::optional<Tape> outer;
    if (nested) outer.emplace();
    Tape tape;
    CHECK(tape.gradients(sum(f(x)), {x})[0].to_vector() == right);
  }
}

TEMPLATE_TEST_CASE("the slope of a branch that was not taken stays 0 beside an infinity", "[not_finite]", float,
                   double) {
  const DType type = dtype_of<TestType>;
  const auto row = [type](const Numbers& x) { return Tensor::from(x, {static_cast<int64_t>(x.size())}, type); };
  const Tensor one = Tensor::from<int64_t>({1}), zero = row({0});
  check_gradient(row({2}), [&](const Tensor& b) { return sqrt(where(one, zero, b)); }, {0});
  check_gradient(row({-1}), [](const Tensor& x) { return sqrt(relu(x)); }, {0});
  check_gradient(row({-1, -2}), [](const Tensor& x) { return sqrt(sum(square(relu(x)))); }, {0, 0});
  check_gradient(row({-1, 0.5}), [](const Tensor& x) { return log(clamp(x, 0, 1)); }, {0, 2});
  check_gradient(row({-1}), [&](const Tensor& x) { return sqrt(maximum(x, zero)); }, {0});
  check_gradient(row({1}), [&](const Tensor& x) { return sqrt(minimum(x, zero)); }, {0});
  check_gradient(row({3}), [&](const Tensor& x) { return sqrt(masked_fill(x, one, 0)); }, {0});
  check_gradient(row({3}), [&](const Tensor& x) { return sqrt(dropout_with_mask(x, zero, 0.5)); }, {0});
  // In one function the same.
  check_gradient(row({-1, 4}), [](const Tensor& x) { return zip([](auto v) { return sqrt(maximum(v, 0.0)); }, x); },
                 {0, 0.25});
  // The chosen one keeps an infinite slope.
  check_gradient(row({0}), [&](const Tensor& x) { return sqrt(where(one, x, zero)); }, {boundless});
}

TEST_CASE("a second derivative through a choice is that of the branch taken", "[not_finite]") {
  const auto cube_or_square = [](auto v) { return where(v > 0.0, v * v * v, v * v); };
  for (const auto& [at, right] : {std::pair{2.0, 12.0}, {-2.0, 2.0}, {0.0, 2.0}}) {
    const Tensor x = Tensor::scalar(at, DType::f64);
    Tape outer;
    Tape inner;
    const Tensor slope = inner.gradients(zip(cube_or_square, x), {x})[0];
    CHECK(outer.gradients(slope, {x})[0].item() == right);
  }
}

TEST_CASE("a row or word that counts nothing is not looked at", "[not_finite]") {
  const Tensor row = Tensor::from<double>({unknown, boundless, 1, 0}, {2, 2});
  const Tensor targets = Tensor::from<int64_t>({1, 0});
  const auto ignored = [&](const Tensor& x) {
    return cross_entropy(x, Tensor::from<int64_t>({-1, 0}), {.ignore_index = -1, .reduction = Reduction::sum});
  };
  const auto weightless = [&](const Tensor& x) {
    return cross_entropy(x, targets, {.weight = Tensor::from<double>({1, 0}), .reduction = Reduction::sum});
  };
  const double p = 1 / (1 + std::exp(-1));
  for (const bool nested : {false, true})
    for (const bool by_weight : {false, true}) {
      std::optional<Tape> outer;
      if (nested) outer.emplace();
      Tape tape;
      const Numbers g = tape.gradients(by_weight ? weightless(row) : ignored(row), {row})[0].to_vector();
      CHECK(Numbers(g.begin(), g.begin() + 2) == Numbers{0, 0});
      CHECK(g[2] == Catch::Approx(p - 1));
    }
  check_gradient(
      Tensor::from<double>({unknown, 0}),
      [](const Tensor& x) {
        return bce_with_logits(x, Tensor::from<double>({1, 1}), Reduction::sum, Tensor::from<double>({0, 1}));
      },
      {0, -0.5});
}

TEST_CASE("a line that nothing is asked of gets the gradient 0, whatever it holds", "[not_finite]") {
  const Tensor lines = Tensor::from<double>({unknown, boundless, 0, 1}, {2, 2});
  const Tensor second = Tensor::from<int64_t>({0, 1}, {2, 1});
  for (const bool logarithm : {false, true})
    for (const int axis : {1, 0}) {
      const Tensor x = axis == 1 ? lines : transpose(lines, 0, 1);
      const Tensor chosen = axis == 1 ? second : transpose(second, 0, 1);
      const auto f = [&](const Tensor& from) {
        const Tensor y = logarithm ? log_softmax(from, axis) : softmax(from, axis);
        return where(chosen, y * Tensor::from<double>({1, 2}, {axis == 1 ? 1 : 2, axis == 1 ? 2 : 1}),
                     Tensor::zeros({}, DType::f64));
      };
      for (const bool nested : {false, true}) {
        std::optional<Tape> outer;
        if (nested) outer.emplace();
        Tape tape;
        Tensor g = tape.gradients(sum(f(x)), {x})[0];
        if (axis == 0) g = transpose(g, 0, 1);
        CHECK(narrow(g, 0, 0, 1).to_vector() == Numbers{0, 0});
        CHECK(std::abs(g.at({1, 0})) > 0.1);
        CHECK(g.at({1, 1}) == Catch::Approx(-g.at({1, 0})));
      }
    }
  const Tensor targets = Tensor::from<double>({0, 0, 1, 0}, {2, 2});
  Tape tape;
  const Tensor loss = cross_entropy_prob(lines, targets);
  CHECK(loss.item() == Catch::Approx(std::log(1 + std::exp(1)) / 2));
  const Numbers g = tape.gradients(loss, {lines})[0].to_vector();
  CHECK(Numbers(g.begin(), g.begin() + 2) == Numbers{0, 0});
  CHECK(g[3] == Catch::Approx(0.5 / (1 + std::exp(-1))));
}

TEST_CASE("what has the factor 0 is not looked at", "[not_finite]") {
  const Tensor nothing = Tensor::full({2, 2}, unknown, DType::f64), a = Tensor::full({2, 2}, 1, DType::f64);
  CHECK(addmm(nothing, a, a, 0, 0.5).to_vector() == Numbers{1, 1, 1, 1});
  const Tensor one = Tensor::full({1, 1}, 1, DType::f64), broken = Tensor::full({1, 1}, unknown, DType::f64);
  CHECK(hard_attention_loss({one, one, broken, one, one, {}}, 1, 0).item() == -1);
  CHECK_THROWS_AS(HardReading{}(broken), Error);
  CHECK(logsumexp(Tensor::from<double>({boundless, 1})).item() == boundless);
  CHECK(logsumexp(Tensor::from<double>({-boundless, -boundless})).item() == -boundless);
}

}  // namespace
}  // namespace heed
