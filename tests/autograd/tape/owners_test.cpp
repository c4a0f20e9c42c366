// Whose is it? Tapes that end in another order or thread, gradients and buffers of another type, operations that
// give back what they were given.
#include <thread>

#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/record.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/linear.h"
#include "tests/catch.hpp"

namespace heed {
namespace {

using Catch::Matchers::ContainsSubstring;

Tensor number(double x) { return Tensor::from(std::vector<double>{x}); }
double gradient(Tape& tape, const Tensor& y, const Tensor& x) { return tape.gradients(y, {x})[0].item(); }

// --- the order in which tapes end

TEST_CASE("an inner tape cannot walk what the outer has walked", "[owners]") {
  const Tensor x = number(2);
  Tape outer;
  const Tensor y = square(x);
  Tape inner;
  const Tensor z = sum(square(y));
  CHECK(gradient(outer, z, x) == 32);
  CHECK_THROWS_WITH(inner.gradients(z, {y}), ContainsSubstring("the tape has been walked"));
  CHECK(gradient(inner, sum(square(x)), x) == 4);  // what came after is there
}

TEST_CASE("with kept values both may walk, in either order", "[owners]") {
  const Tensor x = number(2);
  Tape outer({.keep = true});
  const Tensor y = square(x);
  Tape inner;
  const Tensor z = sum(square(y));
  CHECK(gradient(outer, z, x) == 32);
  CHECK(gradient(inner, z, y) == 8);
  CHECK(gradient(outer, z, x) == 32);
}

TEST_CASE("a tape around that has ended takes the inner one's nodes along", "[owners]") {
  const Tensor x = number(3);
  auto outer = std::make_unique<Tape>();
  auto inner = std::make_unique<Tape>();
  const Tensor y = sum(square(x));
  outer.reset();
  CHECK_FALSE(recording());
  CHECK_THROWS_WITH(inner->gradients(y, {x}), ContainsSubstring("has ended"));
  CHECK(square(x).item() == 9);
  inner.reset();
  Tape next;
  CHECK(gradient(next, sum(square(x)), x) == 6);
}

TEST_CASE("a tape that ends while it is paused stays ended", "[owners]") {
  const Tensor x = number(3);
  auto tape = std::make_unique<Tape>();
  {
    const Untaped pause;
    tape.reset();
  }
  CHECK_FALSE(recording());
  CHECK(square(x).item() == 9);
}

TEST_CASE("what stands still is told by the innermost scope that lives, in whatever order they end", "[owners]") {
  Immutable weights;
  const Immutable::Scope decoding(weights);
  auto tape = std::make_unique<Tape>();
  CHECK(Immutable::current() != &weights);
  {
    const Untaped pause;
    tape.reset();
    CHECK(Immutable::current() == nullptr);
  }
  CHECK(Immutable::current() == &weights);
}

TEST_CASE("a tape of its own inside a pause does not end the outer", "[owners]") {
  const Tensor x = number(3);
  Tape outer;
  const Tensor y = square(x);
  {
    const Untaped pause;
    Tape apart;
    CHECK(gradient(apart, sum(square(x)), x) == 6);
  }
  CHECK(recording());
  CHECK(gradient(outer, sum(square(y)), x) == 108);
}

TEST_CASE("a tape ended in another thread is told to its own", "[owners]") {
  const Tensor x = number(3);
  for (int way = 0; way < 2; ++way) {
    auto tape = std::make_unique<Tape>();
    const Tensor y = sum(square(x));
    std::thread([&] { tape.reset(); }).join();
    if (way == 0) CHECK_THROWS_WITH(square(x), ContainsSubstring("ended by another thread"));
    else CHECK_THROWS_WITH(Tape(), ContainsSubstring("ended by another thread"));
    CHECK_FALSE(recording());
    Tape next;  // and all is well again
    CHECK(gradient(next, sum(square(x)), x) == 6);
  }
}

TEST_CASE("gradients are taken in the thread of the tape", "[owners]") {
  const Tensor x = number(3);
  Tape tape;
  const Tensor y = sum(square(x));
  std::thread([&] { CHECK_THROWS_WITH(tape.gradients(y, {x}), ContainsSubstring("another one")); }).join();
  CHECK(gradient(tape, y, x) == 6);
}

TEST_CASE("an inner tape's search for NaN ends with it", "[owners]") {
  const Tensor x = number(-1);
  Tape outer;
  {
    Tape inner({.check_finite = true});
    CHECK_THROWS_WITH(log(x), ContainsSubstring("anomaly"));
  }
  CHECK_NOTHROW(log(x));
}

// --- operations that give back what they were given

// The identity whose gradient is turned round (Ganin and Lempitsky 2015).
Tensor reversed(const Tensor& x) {
  return record("reversed", {x}, x, [](const Tensor& dy) { return -dy; });
}

TEST_CASE("an operation may return its own input", "[owners]") {
  const Tensor x = number(2);
  {
    Tape tape;
    CHECK(gradient(tape, sum(square(reversed(x))), x) == -4);
  }
  {
    Tape tape;
    const Tensor h = 3 * x;
    // d/dx (rev(h)^2 + h) = -2 * 6 * 3 + 3
    CHECK(gradient(tape, sum(square(reversed(h)) + h), x) == -33);
  }
  {
    Tape tape;
    const Tensor h = 3 * x, twice = reversed(reversed(h));
    CHECK(gradient(tape, sum(twice * h), x) == 36);
  }
  CHECK(x.origin().tape == 0);  // still a leaf
  CHECK(reversed(x).is(x));     // without a tape nothing is made
}

TEST_CASE("of several outputs each may be an input", "[owners]") {
  const Tensor x = number(2), w = number(5);
  Tape tape;
  std::vector<Tensor> outputs{w, x};
  record("swap", std::vector<Tensor>{x, w}, std::span<Tensor>(outputs), [](std::span<Tensor> dy, Adjoints& d) {
    d.add(0, dy[1]);
    d.add(1, dy[0]);
  });
  const Gradients g = tape.gradients(sum(outputs[0] * outputs[0] * outputs[1]), {x, w});
  CHECK(g[0].item() == 25);
  CHECK(g[1].item() == 20);
}

// --- what is given and what is handed out

TEST_CASE("upstream gradients have the output's type and shape", "[owners]") {
  const Tensor x = Tensor::full({2}, 1, DType::f64);
  Tape tape({.keep = true});
  const Tensor y = square(x);
  CHECK_THROWS_WITH(tape.gradients({y}, {Tensor::full({2}, 1)}, {x}),
                    ContainsSubstring("f64 [2]") && ContainsSubstring("f32 [2]"));
  CHECK_THROWS_AS(tape.gradients({y}, {Tensor::full({3}, 1, DType::f64)}, {x}), Error);
  CHECK_THROWS_AS(tape.gradients({y}, {Tensor()}, {x}), Error);
  CHECK_THROWS_AS(tape.gradients({Tensor()}, {y}, {x}), Error);
  CHECK_THROWS_AS(tape.gradients({y}, {}, {x}), Error);
  CHECK_THROWS_WITH(tape.gradients(sum(y), {Tensor()}), ContainsSubstring("number 0"));
  CHECK_THROWS_WITH(tape.gradients(sum(y), {x, Tensor::arange(2)}),
                    ContainsSubstring("number 1") && ContainsSubstring("i64 [2]"));
  CHECK(tape.gradients({y}, {Tensor::full({2}, 1, DType::f64)}, {x})[0].to_vector() == std::vector<double>{2, 2});
}

TEST_CASE("a pullback's gradients have the input's type and shape", "[owners]") {
  const auto mine = [](const Tensor& x, const Tensor& given) {
    return record("broken", {x}, copy_of(x), [given](const Tensor&) { return given; });
  };
  for (const DType type : {DType::f32, DType::f64})
    for (const DType other : {DType::f32, DType::f64, DType::i64}) {
      if (other == type) continue;
      const Tensor x = Tensor::full({2}, 1, type), wrong = Tensor::full({2}, 1, other);
      for (const bool leaf : {true, false})
        for (const bool twice : {false, true}) {
          Tape tape;
          const Tensor from = leaf ? x : square(x), y = sum(mine(from, wrong));
          CHECK_THROWS_WITH(tape.gradients(twice ? y + sum(from) : y, {x}),
                            ContainsSubstring("broken: its pullback gave " + describe(wrong)));
        }
    }
  const Tensor x = Tensor::full({2}, 1);
  Tape tape({.keep = true});
  CHECK_THROWS_WITH(tape.gradients(sum(mine(x, Tensor::full({3}, 1))), {x}), ContainsSubstring("of shape [3]"));
  CHECK(tape.gradients(sum(mine(x, Tensor::full({2}, 3))), {x})[0].to_vector() == std::vector<double>{3, 3});
}

TEST_CASE("gradients are dense and their own", "[owners]") {
  const Tensor x = Tensor::full({3}, 1, DType::f64), y = Tensor::full({3}, 2, DType::f64);
  const auto check = [&](bool nested) {
    std::optional<Tape> outer;
    if (nested) outer.emplace();
    Tape tape;
    const Tensor upstream = Tensor::full({3}, 1, DType::f64);
    const Gradients all[] = {tape.gradients(sum(x + y), {x, y, x}),
                             nested ? tape.gradients({x + y}, {upstream}, {x, y}) : Gradients()};
    std::vector<const void*> seen{upstream.block()};
    for (const Gradients& gradients : all)
      for (const Tensor& g : gradients) {
        CHECK(g.is_dense());
        CHECK(g.to_vector() == std::vector<double>{1, 1, 1});
        CHECK(std::count(seen.begin(), seen.end(), g.block()) == 0);
        seen.push_back(g.block());
      }
  };
  check(false);
  check(true);
}

TEST_CASE("a nested walk fills the buffer that it is given", "[owners]") {
  Rng rng(1);
  Linear model(2, 2, rng);
  convert(model, DType::f64);
  Parameters parameters(model);
  const Tensor x = Tensor::full({1, 2}, 1, DType::f64);
  Tensor flat = Tensor::full(parameters.flat().shape(), 99, DType::f64);
  Tape outer;
  Tape inner;
  const Gradients g = inner.gradients(sum(square(model(x))), parameters, flat);
  CHECK(g.flat().is(flat));
  for (size_t i = 0; i < g.size(); ++i) CHECK(parameters.views(flat)[i].to_vector() == g[i].to_vector());
  CHECK_NOTHROW(outer.gradients(sum(square(g[0])), parameters));
}

TEST_CASE("a buffer for gradients has the parameters' type and layout", "[owners]") {
  Rng rng(1);
  Linear model(2, 2, rng);
  Parameters parameters(model);
  Tape tape({.keep = true});
  const Tensor loss = sum(model(Tensor::full({1, 2}, 1)));
  CHECK_THROWS_AS(tape.gradients(loss, parameters, Tensor()), Error);
  CHECK_THROWS_AS(tape.gradients(loss, parameters, Tensor::zeros({3})), Error);
  CHECK_THROWS_WITH(tape.gradients(loss, parameters, Tensor::zeros(parameters.flat().shape(), DType::f64)),
                    ContainsSubstring("f64"));
}

}  // namespace
}  // namespace heed
