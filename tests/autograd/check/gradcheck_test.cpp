#include "autograd/check/gradcheck.h"

#include <cmath>

#include "autograd/base/rng.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/record.h"
#include "autograd/views/joins.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

namespace {

Tensor numbers(const Shape& shape, double shift = 0) {
  Tensor x = Tensor::empty(shape, DType::f64);
  for (int64_t i = 0; i < x.numel(); ++i) x.mutable_data<double>()[i] = std::sin(1.7 * double(i + 1) + shift);
  return x;
}

// sin with a derivative that is wrong by a factor.
Tensor wrong_sin(const Tensor& x, double factor) {
  Tensor y;
  {
    const Untaped guard;
    y = sin(x);
  }
  return record("wrong_sin", {x}, y, [x, factor](const Tensor& dy) { return dy * cos(x) * factor; });
}

// Right the first time, wrong when differentiated: the derivative is a constant to the tape.
Tensor half_sin(const Tensor& x) {
  Tensor y;
  {
    const Untaped guard;
    y = sin(x);
  }
  return record("half_sin", {x}, y, [x](const Tensor& dy) {
    const Tensor slope = cos(detach(x));
    return dy * slope;
  });
}

const GradcheckOptions second{.second_order = true};

struct Wide {
  Tensor weight;  // [O, I]
  void parts(auto& visit) { visit("weight", weight); }
};

struct Chain {
  Tensor weight = numbers({3, 2}), bias = numbers({2}, 1);
  double factor = 1;
  void parts(auto& visit) {
    visit("layer.weight", weight);
    visit("layer.bias", bias);
  }
  Tensor loss(const Tensor& x) const { return sum(square(matmul(x, weight) + wrong_sin(bias, factor))); }
};

}  // namespace

TEST_CASE("right derivatives pass, in both orders", "[gradcheck]") {
  const auto f = [](const std::vector<Tensor>& x) { return tanh(matmul(x[0], x[1])) * exp(x[2]); };
  const GradcheckReport report = gradcheck("layer", f, {numbers({2, 3}), numbers({3, 4}), numbers({4})}, second);
  CHECK(report.passed());
  INFO(report.text());
  // 22 elements in the first order; 22 gradients compared, 22 inputs and 8 upstream gradients in the second
  CHECK(report.checked == 22 + 22 + 22 + 8);
  CHECK(report.worst < 1);
  CHECK_THAT(report.text(), ContainsSubstring("layer: 74 derivatives agree"));
}

TEST_CASE("planted errors down to 1e-6 are found and named", "[gradcheck]") {
  for (const double error : {1.0, 1e-2, 1e-4, 1e-6, -1e-6}) {
    const auto f = [error](const std::vector<Tensor>& x) { return x[0] + wrong_sin(x[1], 1 + error); };
    const GradcheckReport report = gradcheck("sum", f, {numbers({2, 3}), numbers({2, 3}, 0.3)});
    INFO(error);
    CHECK_FALSE(report.passed());
    CHECK(report.failures.size() == 6);
    CHECK_THAT(report.text(), ContainsSubstring("gradcheck sum: 6 of 12 derivatives are wrong") &&
                                  ContainsSubstring("input 1 [2, 3], element [1, 2]: got"));
  }
  const auto f = [](const std::vector<Tensor>& x) { return wrong_sin(x[0], 1 + 1e-9); };
  CHECK(gradcheck("harmless", f, {numbers({5})}).passed());
}

TEST_CASE("a second derivative that is wrong is found only when asked for", "[gradcheck]") {
  const auto f = [](const std::vector<Tensor>& x) { return half_sin(x[0]); };
  CHECK(gradcheck("half", f, {numbers({3})}).passed());
  const GradcheckReport report = gradcheck("half", f, {numbers({3})}, second);
  CHECK_FALSE(report.passed());
  CHECK(report.failures.size() == 3);
  CHECK_THAT(report.text(), ContainsSubstring("second order: input 0 [3], element [0]"));
}

TEST_CASE("integers are constants, several outputs count, NaN fails", "[gradcheck]") {
  const Tensor mask = Tensor::from<int64_t>({1, 0, 1});
  const auto f = [](const std::vector<Tensor>& x) {
    return std::vector<Tensor>{where(x[1], square(x[0]), x[0]), x[1], sin(x[0])};
  };
  CHECK(gradcheck("several", f, {numbers({3}), mask}, second).passed());
  const auto root = [](const std::vector<Tensor>& x) { return sqrt(x[0]); };
  CHECK_FALSE(gradcheck("root", root, {Tensor::from<double>({-1})}).passed());
  CHECK_THAT(gradcheck("nothing", f, {numbers({0}), Tensor::zeros({0}, DType::i64)}).text(),
             ContainsSubstring("nothing was checked"));
  CHECK_THROWS_WITH(gradcheck("f32", root, {Tensor::zeros({1})}), ContainsSubstring("input 0 is f32"));
}

TEST_CASE("a whole model is checked, and a failure names the parameter", "[gradcheck]") {
  const Tensor x = numbers({4, 3}, 2);
  Chain model;
  Parameters parameters(model);
  const std::vector<double> before = parameters.flat().to_vector();
  CHECK(gradcheck_model(
            "model", [&] { return model.loss(x); }, parameters)
            .passed());
  CHECK(parameters.flat().to_vector() == before);
  model.factor = 1 + 1e-5;
  const GradcheckReport report = gradcheck_model(
      "model", [&] { return model.loss(x); }, parameters);
  CHECK(report.checked == 4 + 2);
  CHECK_THAT(report.text(), ContainsSubstring("parameter layer.bias [2]: got"));
  CHECK(report.text().find("layer.weight") == std::string::npos);
  CHECK(parameters.flat().to_vector() == before);
}

TEST_CASE("a loss that changes by itself is reported", "[gradcheck]") {
  Chain model;
  Parameters parameters(model);
  int calls = 0;
  const GradcheckReport report = gradcheck_model(
      "random", [&] { return sum(model.weight) * double(++calls); }, parameters);
  CHECK_THAT(report.text(), ContainsSubstring("another number when it is computed again"));
}

// Under a tape a weight is packed, and sums of so many numbers are rounded otherwise than by BLAS. That is no change.
TEST_CASE("a model with a wide layer is checked", "[gradcheck]") {
  for (const int64_t width : {300, 600, 1100})
    for (uint64_t seed = 0; seed < 4; ++seed) {
      Rng rng(seed);
      Wide model{rng.normal({16, width}, 0, 0.05, DType::f64)};
      Parameters parameters(model);
      const Tensor x = rng.normal({7, width}, 0, 1, DType::f64);
      const auto loss = [&] {
        const Tensor y = linear(x, model.weight);
        return sum(y * tanh(y));
      };
      const GradcheckReport report = gradcheck_model("wide", loss, parameters);
      INFO(report.text());
      CHECK(report.passed());
    }
}

TEST_CASE("parameters come back even when the loss throws", "[gradcheck]") {
  Chain model;
  Parameters parameters(model);
  const std::vector<double> before = parameters.flat().to_vector();
  int calls = 0;
  const auto loss = [&] {
    if (++calls == 4) throw Error("no more");
    return sum(model.weight * model.weight);
  };
  CHECK_THROWS_WITH(gradcheck_model("throws", loss, parameters), "no more");
  CHECK(parameters.flat().to_vector() == before);
}

TEST_CASE("an error beside a large output is found, or the step said to be unable to tell", "[gradcheck]") {
  for (const double factor : {1.025, 1.001, 1.0}) {
    const auto f = [factor](const std::vector<Tensor>& x) { return wrong_sin(x[0], factor) + 1e9; };
    const GradcheckReport report = gradcheck("offset", f, {numbers({3})});
    CHECK_FALSE(report.passed());
    if (factor == 1.0) CHECK_THAT(report.text(), ContainsSubstring("cannot tell"));
  }
  for (const double offset : {10.0, 1000.0}) {
    const auto f = [offset](const std::vector<Tensor>& x) { return wrong_sin(x[0], 1) + offset; };
    CHECK(gradcheck("offset", f, {numbers({3})}).passed());
    const auto wrong = [offset](const std::vector<Tensor>& x) { return wrong_sin(x[0], 1.00001) + offset; };
    CHECK_FALSE(gradcheck("offset", wrong, {numbers({3})}).passed());
  }
}

TEST_CASE("a function that changes from call to call is reported", "[gradcheck]") {
  Rng rng(1);
  const auto f = [&](const std::vector<Tensor>& x) { return x[0] * rng.uniform({3}, 0, 1, DType::f64); };
  CHECK_THAT(gradcheck("drawn", f, {numbers({3})}).text(), ContainsSubstring("computed again"));
  int calls = 0;
  const auto grows = [&](const std::vector<Tensor>& x) {
    return concat({x[0], Tensor::zeros({++calls}, DType::f64)}, 0);
  };
  CHECK_THAT(gradcheck("grows", grows, {numbers({3})}).text(), ContainsSubstring("computed again"));
}

TEST_CASE("a tape that is alive outside does not matter", "[gradcheck]") {
  const Tape tape;
  const auto f = [](const std::vector<Tensor>& x) { return tanh(x[0]) * x[0]; };
  CHECK(gradcheck("inside", f, {numbers({3})}, second).passed());
  CHECK(tape.size() == 0);
}
