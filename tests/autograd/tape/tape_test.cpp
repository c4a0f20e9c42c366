#include "autograd/tape/tape.h"

#include <cmath>
#include <thread>

#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/record.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;
using V = std::vector<double>;

namespace {

Tensor vec(const V& values) { return Tensor::from<double>(values); }
Tensor ones(const Shape& shape) { return Tensor::full(shape, 1, DType::f64); }

struct Square {
  Tensor weight = Tensor::from<double>({1, 2, 3, 4, 5, 6}, {3, 2});
  Tensor bias = vec({0.5, -0.5});
  Tensor unused = vec({7, 8, 9});
  void parts(auto& visit) {
    visit("weight", weight);
    visit("bias", bias);
    visit("unused", unused);
  }
  Tensor loss(const Tensor& x) const { return sum(tanh(matmul(x, weight) * 0.1 + bias)); }
};

std::string message(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("nothing is recorded without a tape, or while it is paused", "[tape]") {
  const Tensor x = vec({1, 2});
  CHECK_FALSE(recording());
  CHECK((x * x).origin().tape == 0);
  const Tape tape;
  CHECK(recording());
  {
    const Untaped guard;
    CHECK_FALSE(recording());
    CHECK((x * x).origin().tape == 0);
  }
  CHECK(tape.size() == 0);
  CHECK((x * x).origin().node == 0);
  CHECK(tape.size() == 1);
}

TEST_CASE("gradients are values, by parameter and in one buffer", "[tape]") {
  Square model;
  Parameters parameters(model);
  const Tensor x = Tensor::from<double>({1, 0, -1, 2, 1, 0}, {2, 3});
  Gradients kept;
  {
    Tape tape;
    kept = tape.gradients(model.loss(x), parameters);
  }
  REQUIRE(kept.size() == 3);
  const Tensor y = matmul(x, model.weight) * 0.1 + model.bias;
  const Tensor slope = add(neg(square(tanh(y))), 1.0);
  const V by_bias = sum(slope, {0}).to_vector();
  const V by_weight = (matmul(transpose(x, 0, 1), slope) * 0.1).to_vector();
  for (size_t i = 0; i < 2; ++i) CHECK(kept[model.bias].to_vector()[i] == Catch::Approx(by_bias[i]).epsilon(1e-14));
  for (size_t i = 0; i < 6; ++i) CHECK(kept[0].to_vector()[i] == Catch::Approx(by_weight[i]).epsilon(1e-14));
  CHECK(kept[model.unused].to_vector() == V{0, 0, 0});
  CHECK(parameters.views(kept.flat())[1].to_vector() == kept[1].to_vector());
  CHECK_THROWS_WITH(kept[x], ContainsSubstring("was not asked for"));
}

TEST_CASE("gradients into a given buffer replace what was there", "[tape]") {
  Square model;
  Parameters parameters(model);
  const Tensor x = ones({1, 3});
  Tensor flat = Tensor::full(parameters.flat().shape(), 99, DType::f64);
  Tape tape({.keep = true});
  const Tensor loss = model.loss(x);
  const Gradients fresh = tape.gradients(loss, parameters);
  const Gradients given = tape.gradients(loss, parameters, flat);
  CHECK(given.flat().is(flat));
  for (size_t i = 0; i < 3; ++i) CHECK(given[i].to_vector() == fresh[i].to_vector());
}

TEST_CASE("two threads differentiate one model at once", "[tape]") {
  Square model;
  Parameters parameters(model);
  const auto work = [&](double scale, V& result) {
    for (int round = 0; round < 50; ++round) {
      Tape tape;
      result = tape.gradients(model.loss(Tensor::full({4, 3}, scale, DType::f64)), parameters)[0].to_vector();
    }
  };
  V alone[2], together[2];
  work(0.3, alone[0]);
  work(-1.1, alone[1]);
  std::thread first(work, 0.3, std::ref(together[0])), second(work, -1.1, std::ref(together[1]));
  first.join();
  second.join();
  CHECK(together[0] == alone[0]);
  CHECK(together[1] == alone[1]);
}

TEST_CASE("a tape inside a tape gives second derivatives", "[tape]") {
  const Tensor x = vec({0.3, -1.2, 2});
  const auto second = [&](auto f) {
    Tape outer;
    Tensor slope;
    {
      Tape inner;
      slope = inner.gradients(sum(f(x)), std::vector<Tensor>{x})[0];
    }
    return outer.gradients(sum(slope), std::vector<Tensor>{x})[0].to_vector();
  };
  const V cube = second([](const Tensor& t) { return t * t * t; });
  const V tangens = second([](const Tensor& t) { return tanh(t); });
  for (size_t i = 0; i < 3; ++i) {
    const double v = x.to_vector()[i], t = std::tanh(v);
    CHECK(cube[i] == Catch::Approx(6 * v).epsilon(1e-13));
    CHECK(tangens[i] == Catch::Approx(-2 * t * (1 - t * t)).epsilon(1e-13));
  }
}

TEST_CASE("the second derivative of a matrix product", "[tape]") {
  // L = sum((x W)^2): dL/dx = 2 x W W^T; the gradient of sum(dL/dx) by W is 2 (x^T 1 + 1^T x) W.
  const Tensor x = Tensor::from<double>({1, -2, 0.5, 3, 1, -1}, {2, 3});
  const Tensor w = Tensor::from<double>({1, 2, -1, 0.5, 3, 1}, {3, 2});
  Tape outer;
  Tensor slope;
  {
    Tape inner;
    slope = inner.gradients(sum(square(matmul(x, w))), std::vector<Tensor>{x})[0];
  }
  const V got = outer.gradients(sum(slope), std::vector<Tensor>{w})[0].to_vector();
  const Tensor outer_product = matmul(transpose(x, 0, 1), ones({2, 3}));
  const V expected = (matmul(outer_product + transpose(outer_product, 0, 1), w) * 2.0).to_vector();
  for (size_t i = 0; i < 6; ++i) CHECK(got[i] == Catch::Approx(expected[i]).epsilon(1e-13));
}

TEST_CASE("a walked tape says so, one that keeps its values goes again", "[tape]") {
  const Tensor x = vec({1, 2});
  Tape tape;
  const Tensor loss = sum(x * x);
  tape.gradients(loss, std::vector<Tensor>{x});
  CHECK_THROWS_WITH(tape.gradients(loss, std::vector<Tensor>{x}), ContainsSubstring(".keep = true"));
  Square model;
  Tape keeping({.keep = true});
  const Tensor again = sum(x * x);
  for (int round = 0; round < 3; ++round)
    CHECK(keeping.gradients(again, std::vector<Tensor>{x})[0].to_vector() == V{2, 4});
}

TEST_CASE("a keeping tape gives the same gradients every time, views included", "[tape]") {
  const Tensor x = Tensor::from<double>({1, 2, 3, 4, 5, 6}, {3, 2});
  Tape tape({.keep = true});
  const Tensor y = x * x, loss = sum(y[0] * y[1]) + sum(transpose(y, 0, 1)[1] * 2.0);
  const V first = tape.gradients(loss, std::vector<Tensor>{x})[0].to_vector();
  CHECK(first == V{18, 64 + 8, 6, 32 + 16 - 0, 0, 24});
  CHECK(tape.gradients(loss, std::vector<Tensor>{x})[0].to_vector() == first);
}

TEST_CASE("detach cuts, and values of one tape are constants to another", "[tape]") {
  const Tensor x = vec({2, 3});
  {
    Tape tape;
    CHECK(tape.gradients(sum(detach(x * x) * x), std::vector<Tensor>{x})[0].to_vector() == V{4, 9});
  }
  Tensor old;
  {
    const Tape gone;
    old = x * x;
  }
  Tape tape;
  CHECK(tape.gradients(sum(old * x), std::vector<Tensor>{x, old})[1].to_vector() == V{2, 3});
}

TEST_CASE("the loss must be one number of this tape", "[tape]") {
  const Tensor x = vec({1, 2});
  Tape tape;
  const std::vector<Tensor> of{x};
  CHECK_THROWS_WITH(tape.gradients(x * x, of),
                    ContainsSubstring("must be one number") && ContainsSubstring("f64 [2]"));
  CHECK_THROWS_WITH(tape.gradients(Tensor(), of), ContainsSubstring("undefined"));
  CHECK_THROWS_WITH(tape.gradients(detach(sum(x)), of), ContainsSubstring("detached"));
  CHECK_THROWS_WITH(tape.gradients({x * x}, {ones({3})}, of), ContainsSubstring("its upstream gradient"));
  CHECK_THROWS_WITH(tape.gradients({x * x}, {}, of), ContainsSubstring("1 outputs, but 0 upstream"));
}

TEST_CASE("values computed on the tape can be asked for too", "[tape]") {
  const Tensor x = vec({1, 2});
  Tape tape;
  const Tensor y = x * x, z = y * y, loss = sum(z + y);
  const Gradients gradients = tape.gradients(loss, std::vector<Tensor>{y, x, loss, z});
  CHECK(gradients[0].to_vector() == V{3, 9});
  CHECK(gradients[1].to_vector() == V{6, 36});
  CHECK(gradients[2].to_vector() == V{1});
  CHECK(gradients[3].to_vector() == V{1, 1});
}

TEST_CASE("the same tensor as several inputs and several targets", "[tape]") {
  const Tensor x = vec({2, 3});
  Tape tape;
  const Gradients gradients = tape.gradients(sum(x * x + x), std::vector<Tensor>{x, x});
  CHECK(gradients[0].to_vector() == V{5, 7});
  CHECK(gradients[1].to_vector() == V{5, 7});
}

TEST_CASE("anomaly mode names the operation, its parameter and the time step", "[tape]") {
  Tensor weight = vec({1, 0});
  weight.set_label("decoder.weight");
  const std::string forward = message([&] {
    const Tape tape({.check_finite = true});
    const TimeStep step(7);
    log(weight);
  });
  CHECK_THAT(forward, ContainsSubstring("log #0 [2] at time step 7 (from decoder.weight)") &&
                          ContainsSubstring("infinity (element 1 of 2)"));
  const std::string backward = message([&] {
    Tape tape({.check_finite = true});
    Tensor loss;
    {
      const TimeStep step(3);
      loss = sum(sqrt(weight));
    }
    tape.gradients(loss, std::vector<Tensor>{weight});
  });
  CHECK_THAT(backward, ContainsSubstring("backward pass of sqrt #0 [2] at time step 3 (from decoder.weight)") &&
                           ContainsSubstring("infinity in the gradient of its input 0"));
  const Tape calm;
  CHECK_NOTHROW(log(weight));
}

TEST_CASE("a pullback that gives a wrong shape is named", "[tape]") {
  const Tensor x = vec({1, 2});
  Tape tape;
  const Tensor y = record("broken", {x}, sum(x), [](const Tensor&) { return ones({3}); });
  CHECK_THROWS_WITH(tape.gradients(y, std::vector<Tensor>{x}),
                    ContainsSubstring("broken: its pullback gave a gradient of shape [3] for input 0 of shape [2]"));
}

TEST_CASE("errors name operands by their origin", "[tape]") {
  const Tape tape;
  const Tensor x = ones({2, 3}), y = exp(x);
  CHECK_THAT(message([&] { matmul(y, x); }), ContainsSubstring("exp #0 f64 [2, 3]"));
  CHECK_THAT(message([&] { reshape(y, {4}); }), ContainsSubstring("exp #0"));
}

TEST_CASE("an exception inside a tape leaves the thread as it was", "[tape]") {
  CHECK_THROWS([&] {
    const Tape tape;
    const Tape inner;
    throw Error("stop");
  }());
  CHECK_FALSE(recording());
}
