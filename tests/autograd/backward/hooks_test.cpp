// Hooks on the gradient of a value: what they see, and what becomes of what they give.
#include <cmath>
#include <limits>

#include "autograd/functional/derivatives.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/linear.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;
using Numbers = std::vector<double>;

namespace {

Tensor numbers(const std::vector<double>& values) { return Tensor::from<double>(values); }

}  // namespace

TEST_CASE("a hook sees the whole gradient of a value, once, from all its readers", "[hooks]") {
  const Tensor x = numbers({1, 2, 3});
  Tape tape({.keep = true});
  const Tensor h = x * x;
  std::vector<Numbers> seen;
  tape.on_gradient(h, [&](const Tensor& gradient) { seen.push_back(gradient.to_vector()); });
  const Tensor loss = sum(2 * h) + sum(h * h);
  const Numbers expected = {2 * 1 * (2 + 2 * 1), 2 * 2 * (2 + 2 * 4), 2 * 3 * (2 + 2 * 9)};
  CHECK(tape.gradients(loss, {x})[0].to_vector() == expected);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0] == Numbers{4, 10, 20});
  tape.gradients(loss, {x});
  CHECK(seen.size() == 2);
}

TEST_CASE("what a hook gives goes on in the place of the gradient", "[hooks]") {
  const Tensor x = numbers({1, 2, 3});
  Tape tape({.keep = true});
  const Tensor h = x * x;
  tape.on_gradient(h, [](const Tensor& gradient) { return -gradient; });  // gradient reversal
  tape.on_gradient(h, [](const Tensor& gradient) { return 10 * gradient; });
  const Gradients gradients = tape.gradients(sum(h), {x, h});
  CHECK(gradients[0].to_vector() == Numbers{-20, -40, -60});
  CHECK(gradients[1].to_vector() == Numbers{-10, -10, -10});
}

TEST_CASE("a leaf's hook is called when the walk is over, also where a buffer is filled", "[hooks]") {
  Rng rng(1);
  Linear layer(3, 2, rng);
  const Parameters parameters(layer);
  const Tensor x = Tensor::full({4, 3}, 1);
  Tape tape({.keep = true});
  const Tensor loss = sum(layer(x));
  const Gradients plain = tape.gradients(loss, parameters);
  const Numbers before = plain.flat().to_vector();
  tape.on_gradient(layer.weight, [](const Tensor& gradient) { return 0.5 * gradient; });
  const Gradients halved = tape.gradients(loss, parameters);
  const Numbers after = halved.flat().to_vector();
  REQUIRE(after.size() == before.size());
  CHECK(after != before);
  for (size_t i = 0; i < parameters.size(); ++i) {
    const double factor = parameters[i].is(layer.weight) ? 0.5 : 1;
    CHECK(norm(halved[i]).item() == Approx(factor * norm(plain[i]).item()));
    CHECK(halved[i].block() == halved.flat().block());
  }
}

TEST_CASE("a hook is a wish for the gradient of its value, also where nothing else needs it", "[hooks]") {
  const Tensor data = numbers({1, 2}), weight = numbers({3, 4});
  Tape tape;
  const Tensor h = exp(data);  // leads to no parameter
  Numbers of_data, of_h;
  tape.on_gradient(data, [&](const Tensor& gradient) { of_data = gradient.to_vector(); });
  tape.on_gradient(h, [&](const Tensor& gradient) { of_h = gradient.to_vector(); });
  tape.gradients(sum(h * weight), {weight});
  CHECK(of_h == Numbers{3, 4});
  REQUIRE(of_data.size() == 2);
  CHECK(of_data[0] == Approx(3 * std::exp(1.0)));
  CHECK(of_data[1] == Approx(4 * std::exp(2.0)));
}

TEST_CASE("a hook is not called where no gradient arrives", "[hooks]") {
  const Tensor x = numbers({1, 2});
  Tape tape;
  const Tensor unused = exp(x), h = x * x;
  int calls = 0;
  tape.on_gradient(unused, [&](const Tensor&) { ++calls; });
  tape.on_gradient(numbers({1}), [&](const Tensor&) { ++calls; });
  tape.gradients(sum(h), {x});
  CHECK(calls == 0);
}

TEST_CASE("hooks see the gradients of views, of what they are taken from, and of gathered products", "[hooks]") {
  const Tensor x = Tensor::from<double>({1, 2, 3, 4, 5, 6}, {2, 3}),
               w = Tensor::from<double>({1, 0, 0, 1, 1, 1}, {3, 2});
  Tape tape;
  const Tensor base = x * 2, row = base[1];
  Numbers of_base, of_row, of_w;
  tape.on_gradient(base, [&](const Tensor& gradient) { of_base = gradient.to_vector(); });
  tape.on_gradient(row, [&](const Tensor& gradient) { return of_row = gradient.to_vector(), 10 * gradient; });
  tape.on_gradient(w, [&](const Tensor& gradient) { of_w = gradient.to_vector(); });
  const Tensor loss = sum(row * row) + sum(base) + sum(matmul(x, w));
  const Numbers of_x = tape.gradients(loss, {x})[0].to_vector();
  CHECK(of_row == Numbers{16, 20, 24});
  CHECK(of_base == Numbers{1, 1, 1, 161, 201, 241});
  CHECK(of_w == Numbers{5, 5, 7, 7, 9, 9});
  CHECK(of_x == Numbers{3, 3, 4, 323, 403, 484});
}

TEST_CASE("what a hook computes of a recorded gradient can be differentiated", "[hooks]") {
  const Tensor x = numbers({0.5});
  Tape outer;
  Tensor g;
  {
    Tape inner;
    const Tensor h = x * x;
    inner.on_gradient(h, [](const Tensor& gradient) { return gradient * gradient; });
    g = inner.gradients(sum(h * h * h), {x})[0];  // (3 x^4)^2 2 x = 18 x^9
  }
  CHECK(g.item() == Approx(18 * std::pow(0.5, 9)));
  CHECK(outer.gradients(sum(g), {x})[0].item() == Approx(162 * std::pow(0.5, 8)));
}

TEST_CASE("a hook may add another for the next pass, and may throw", "[hooks]") {
  const Tensor x = numbers({2});
  Tape tape({.keep = true});
  const Tensor h = x * x;
  int late = 0;
  tape.on_gradient(h, [&](const Tensor&) { tape.on_gradient(h, [&](const Tensor&) { ++late; }); });
  tape.gradients(sum(h), {x});
  CHECK(late == 0);
  tape.gradients(sum(h), {x});
  CHECK(late == 1);
  tape.on_gradient(x, [](const Tensor&) { throw std::runtime_error("enough"); });
  CHECK_THROWS_WITH(tape.gradients(sum(h), {x}), ContainsSubstring("enough"));
  CHECK(recording());
}

TEST_CASE("hooks are told what they cannot be", "[hooks]") {
  const Tensor x = numbers({1, 2});
  Tape tape;
  const Tensor h = x * x;
  const auto look = [](const Tensor&) {};
  CHECK_THROWS_WITH(tape.on_gradient(Tensor(), look), ContainsSubstring("has no gradient"));
  CHECK_THROWS_WITH(tape.on_gradient(Tensor::arange(3), look), ContainsSubstring("i64 [3]"));
  CHECK_THROWS_WITH(tape.on_gradient(x, std::function<Tensor(const Tensor&)>()), ContainsSubstring("empty"));
  tape.on_gradient(h, [](const Tensor& gradient) { return sum(gradient); });
  CHECK_THROWS_WITH(tape.gradients(sum(h), {x}), ContainsSubstring("f64 [2]") && ContainsSubstring("f64 []"));
}

TEST_CASE("a gradient that is not finite is shown as it is", "[hooks]") {
  const Tensor x = numbers({0});
  Tape tape;
  const Tensor root = sqrt(x);
  double seen = 0;
  tape.on_gradient(x, [&](const Tensor& gradient) { seen = gradient.item(); });
  tape.gradients(sum(root), {x});
  CHECK(seen == std::numeric_limits<double>::infinity());
}
