// A part that is computed once more: the same gradients to the bit, from less memory.
#include "autograd/backward/recompute.h"

#include "autograd/base/memory.h"
#include "autograd/ops/extrema.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/dropout.h"
#include "nn/recurrent/lstm.h"
#include "tests/catch.hpp"

namespace heed {
namespace {

using Catch::Matchers::ContainsSubstring;
using Tensors = std::vector<Tensor>;

// An LSTM over x [T, B, I], `part` steps at a time in a recompute(), or 0 for none.
struct Sequence {
  LstmCell cell;
  void parts(auto& visit) { visit("cell", cell); }

  Tensor last(const Tensor& x, int64_t part) {
    const int64_t steps = x.size(0), batch = x.size(1), hidden = cell.hidden_size();
    Tensors state{Tensor::zeros({batch, hidden}, x.dtype()), Tensor::zeros({batch, hidden}, x.dtype())};
    const auto run = [this, x](int64_t begin, int64_t end, const Tensors& from) {
      State s{from[0], from[1]};
      for (int64_t t = begin; t < end; ++t) s = cell(x[t], s);
      return Tensors{s.h, s.c};
    };
    if (part == 0) return run(0, steps, state)[0];
    for (int64_t t = 0; t < steps; t += part)
      state =
          recompute([run, t, end = std::min(t + part, steps)](const Tensors& s) { return run(t, end, s); }, state);
    return state[0];
  }
};

struct Step {
  std::vector<double> gradients, of_x;
  int64_t peak;
};
Step step(Sequence& model, const Parameters& parameters, const Tensor& x, int64_t part) {
  memory::reset_peak();
  const int64_t before = memory::live_bytes();
  Tape tape;
  std::vector<Tensor> of = parameters.tensors();
  of.push_back(x);
  const Gradients g = tape.gradients(sum(square(model.last(x, part))), of);
  Step result{{}, g[of.size() - 1].to_vector(), memory::peak_bytes() - before};
  for (size_t i = 0; i + 1 < of.size(); ++i)
    for (const double number : g[i].to_vector()) result.gradients.push_back(number);
  return result;
}

TEST_CASE("a recomputed part gives the same gradients to the bit, from less memory", "[recompute]") {
  for (const int64_t hidden : {3, 64}) {  // both sides of where products go by packed weights
    Rng rng(1);
    Sequence model{LstmCell(hidden, hidden, rng)};
    Parameters parameters(model);
    const Tensor x = rng.uniform({500, 8, hidden}, -1, 1);
    const Step plain = step(model, parameters, x, 0);
    for (const int64_t part : {1, 7, 20, 500, 600}) {
      const Step now = step(model, parameters, x, part);
      CHECK(now.gradients == plain.gradients);
      CHECK(now.of_x == plain.of_x);
      if (hidden == 64 && part == 20) CHECK(now.peak < plain.peak / 3);
    }
  }
}

TEST_CASE("what a part reads besides its inputs has a gradient, too", "[recompute]") {
  const Tensor x = Tensor::from<double>({2, 3}), w = Tensor::from<double>({5, 7});
  Tape tape;
  const Tensor inside = square(w);
  const Tensor y = recompute([inside](const Tensors& v) { return Tensors{v[0] * inside}; }, {x})[0];
  const Gradients g = tape.gradients(sum(y), {x, w});
  CHECK(g[0].to_vector() == std::vector<double>{25, 49});
  CHECK(g[1].to_vector() == std::vector<double>{20, 42});
}

TEST_CASE("parts inside each other, second derivatives, and outputs that nobody reads", "[recompute]") {
  const Tensor x = Tensor::from<double>({2});
  const auto cube = [](const Tensors& v) {
    const auto twice = recompute([](const Tensors& u) { return Tensors{square(u[0]), exp(u[0])}; }, v);
    return Tensors{twice[0] * v[0]};
  };
  {
    Tape tape;
    CHECK(tape.gradients(sum(recompute(cube, {x})[0]), {x})[0].item() == 12);
  }
  Tape outer;
  Tape inner;
  const Tensor slope = inner.gradients(sum(recompute(cube, {x})[0]), {x})[0];
  CHECK(slope.item() == 12);
  CHECK(outer.gradients(sum(slope), {x})[0].item() == 12);
}

TEST_CASE("a part that gives back its input, or one input twice", "[recompute]") {
  const Tensor x = Tensor::from<double>({3});
  Tape tape;
  const Tensors y = recompute([](const Tensors& v) { return Tensors{v[0], v[0] * v[1]}; }, {x, x});
  CHECK(tape.gradients(sum(y[0]) + sum(y[1]), {x})[0].item() == 7);
}

TEST_CASE("a part that gives back what it did not make", "[recompute]") {
  const Tensor x = Tensor::from<double>({2, 5}), w = Tensor::from<double>({3, 4});
  Tape tape;
  const Tensor h = x * 2;  // of the tape around it
  const Tensors y = recompute([&](const Tensors&) { return Tensors{h, w}; }, {x});
  const Gradients g = tape.gradients(sum(square(y[0])) + sum(square(y[1])), {x, w});
  CHECK(g[0].to_vector() == std::vector<double>{16, 40});
  CHECK(g[1].to_vector() == std::vector<double>{6, 8});
}

TEST_CASE("a part whose first result is whole numbers", "[recompute]") {
  const Tensor x = Tensor::from<double>({1, 2});
  Tape tape;
  const auto f = [](const Tensors& v) {
    const auto [largest, place] = max(v[0], 0);
    return Tensors{place, largest};
  };
  const Tensors y = recompute(f, {x});
  CHECK(y[0].item() == 1);
  CHECK(tape.gradients(sum(x) + y[1], {x})[0].to_vector() == std::vector<double>{1, 2});
}

TEST_CASE("a part that draws anew each time is found out", "[recompute]") {
  Rng rng(1);
  const Tensor x = Tensor::full({64}, 1, DType::f64);
  {
    Tape tape;
    const Tensor y = recompute([&](const Tensors& v) { return Tensors{dropout(v[0], 0.5, rng)}; }, {x})[0];
    CHECK_THROWS_WITH(tape.gradients(sum(y), {x}), ContainsSubstring("copy of an Rng"));
  }
  Tape tape;
  const Tensor y = recompute(
      [rng](const Tensors& v) {
        Rng own = rng;
        return Tensors{dropout(v[0], 0.5, own)};
      },
      {x})[0];
  CHECK(tape.gradients(sum(y), {x})[0].to_vector() == y.to_vector());
}

TEST_CASE("a part with a hole is named", "[recompute]") {
  const auto f = [](const Tensors&) { return Tensors{Tensor()}; };
  const Tape tape;
  CHECK_THROWS_WITH(recompute(f, {Tensor()}), ContainsSubstring("recompute: operand 0"));
  CHECK_THROWS_WITH(recompute(f, {Tensor::zeros({1})}), ContainsSubstring("recompute: operand 0"));
  CHECK_THROWS_AS(recompute([](const Tensors&) { return Tensors{}; }, {Tensor::zeros({1})}), Error);
}

}  // namespace
}  // namespace heed
