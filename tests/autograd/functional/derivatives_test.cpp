// Products with Jacobians and Hessians, against derivatives that a calculus book gives.
#include "autograd/functional/derivatives.h"

#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/linear.h"
#include "tests/catch.hpp"

namespace heed {
namespace {

using Catch::Matchers::ContainsSubstring;
using Inputs = std::vector<Tensor>;
using Numbers = std::vector<double>;

Tensor numbers(const Numbers& x) { return Tensor::from(x); }

// y = (x0 x1, x0^2): J = [[x1, x0], [2 x0, 0]]
std::vector<Tensor> two(const Inputs& x) { return {x[0] * x[1], square(x[0])}; }

TEST_CASE("products with a Jacobian from both sides", "[functional]") {
  const Inputs x{numbers({3}), numbers({5})};
  const auto back = vjp(two, x, {numbers({10}), numbers({100})});
  CHECK(back.values[0].item() == 15);
  CHECK(back.products[0].item() == 10 * 5 + 100 * 6);
  CHECK(back.products[1].item() == 10 * 3);
  const auto onward = jvp(two, x, {numbers({10}), numbers({100})});
  CHECK(onward.values[1].item() == 9);
  CHECK(onward.products[0].item() == 5 * 10 + 3 * 100);
  CHECK(onward.products[1].item() == 6 * 10);
  CHECK_FALSE(recording());
}

TEST_CASE("an input that is given twice has two derivatives", "[functional]") {
  const Tensor x = numbers({3});
  CHECK(jvp(two, {x, x}, {numbers({1}), numbers({0})}).products[0].item() == 3);
  CHECK(vjp(two, {x, x}, {numbers({1}), numbers({0})}).products[1].item() == 3);
}

TEST_CASE("an output may be constant, an input, or independent of some", "[functional]") {
  const auto f = [](const Inputs& x) { return std::vector<Tensor>{x[0], numbers({7}), square(x[1])}; };
  const Inputs x{numbers({3}), numbers({5})};
  const auto onward = jvp(f, x, {numbers({2}), numbers({1})});
  CHECK(onward.products[0].item() == 2);
  CHECK(onward.products[1].item() == 0);
  CHECK(onward.products[2].item() == 10);
  CHECK(vjp(f, x, {numbers({2}), numbers({1}), numbers({0})}).products[0].item() == 2);
}

TEST_CASE("whole Jacobians", "[functional]") {
  const Tensor x = Tensor::from(Numbers{1, 2, 3, 4}, {2, 2});
  const auto column_sums = [](const Tensor& m) { return sum(square(m), {0}); };
  const Tensor j = jacobian(column_sums, x);
  CHECK(j.shape() == Shape{2, 2, 2});
  CHECK(j.to_vector() == Numbers{2, 0, 6, 0, 0, 4, 0, 8});
  CHECK(jacobian([](const Tensor& m) { return slice(m, 0, 0, 0); }, x).shape() == Shape{0, 2, 2, 2});
  CHECK(jacobian([](const Tensor& m) { return sum(m); }, x).to_vector() == Numbers{1, 1, 1, 1});
  CHECK_THROWS_WITH(jacobian([](const Tensor& m) { return square(m); }, Tensor::zeros({1, 1, 1, 1, 1}, DType::f64)),
                    ContainsSubstring("more than 8 axes"));
}

TEST_CASE("Hessians, whole and by a vector", "[functional]") {
  const Tensor a = Tensor::from(Numbers{2, 1, 1, 3}, {2, 2}), x = numbers({0.5, -1});
  const auto half_form = [a](const Tensor& v) { return 0.5 * sum(v * matmul(a, v)) + sum(v * v * v); };
  const Tensor h = hessian(half_form, x);  // a + diag(6 x)
  CHECK(h.to_vector() == Numbers{5, 1, 1, -3});
  const auto of_list = [&](const Inputs& v) { return half_form(v[0]); };
  CHECK(hvp(of_list, {x}, {numbers({1, 10})})[0].to_vector() == Numbers{15, -29});
  CHECK_THROWS_WITH(hessian([](const Tensor& v) { return v; }, x), ContainsSubstring("one number"));
}

TEST_CASE("results are recorded by a tape around them", "[functional]") {
  const Tensor x = numbers({3});
  Tape tape({.keep = true});
  const Tensor cube_slope = jvp([](const Inputs& v) { return v[0] * v[0] * v[0]; }, {x}, {numbers({1})}).products[0];
  CHECK(cube_slope.item() == 27);
  CHECK_THROWS_WITH(tape.gradients(sum(cube_slope), {x}), ContainsSubstring("third derivative"));
  const Tensor slope = vjp([](const Inputs& v) { return v[0] * v[0] * v[0]; }, {x}, {numbers({1})}).products[0];
  CHECK(tape.gradients(sum(slope), {x})[0].item() == 18);
}

TEST_CASE("the norm of each example's gradient", "[functional]") {
  Rng rng(1);
  Linear layer(3, 2, rng);
  Parameters parameters(layer);
  const Tensor x = rng.uniform({4, 3}, -1, 1);
  const auto losses = [&] { return sum(square(layer(x)), {1}); };
  const std::vector<double> norms = gradient_norms(losses, parameters);
  REQUIRE(norms.size() == 4);
  for (int64_t b = 0; b < 4; ++b) {
    Tape tape;
    const Gradients g = tape.gradients(losses()[b], parameters);
    CHECK(norms[static_cast<size_t>(b)] == Catch::Approx(norm(g.flat()).item()).epsilon(1e-5));
  }
}

TEST_CASE("what cannot be differentiated is named", "[functional]") {
  const Tensor x = numbers({1, 2}), ids = Tensor::arange(2);
  const auto f = [](const Inputs& v) { return square(v[0]); };
  CHECK_THROWS_WITH(vjp(f, {Tensor()}, {x}), ContainsSubstring("vjp: input 0"));
  CHECK_THROWS_WITH(jvp(f, {ids}, {x}), ContainsSubstring("jvp: input 0 is i64"));
  CHECK_THROWS_WITH(jvp(f, {x}, {}), ContainsSubstring("0 vectors were given for 1 inputs"));
  CHECK_THROWS_WITH(jvp(f, {x}, {numbers({1})}), ContainsSubstring("f64 [2]"));
  CHECK_THROWS_WITH(vjp(f, {x}, {Tensor::zeros({2})}), ContainsSubstring("f32 [2]"));
  CHECK_THROWS_WITH(jvp([&](const Inputs&) { return ids; }, {x}, {x}), ContainsSubstring("output 0 is i64"));
  CHECK_THROWS_WITH(gradient_norms([&] { return Tensor::zeros({2, 2}); }, Parameters()), ContainsSubstring("[B]"));
  CHECK_FALSE(recording());
}

}  // namespace
}  // namespace heed
