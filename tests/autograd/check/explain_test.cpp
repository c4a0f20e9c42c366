// Why a gradient is zero: each reason that there is, told apart.
#include "autograd/check/explain.h"

#include <limits>
#include <thread>

#include "autograd/base/rng.h"
#include "autograd/check/trace.h"
#include "autograd/ops/extrema.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/masks/comparisons.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "autograd/zip/activations.h"
#include "autograd/zip/elementwise.h"
#include "nn/recurrent/gru.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

namespace {

Tensor named(const char* name, const std::vector<double>& values) {
  Tensor x = Tensor::from<double>(values);
  x.set_label(name);
  return x;
}

const Tensor x = named("weight", {1, -2, 3});

}  // namespace

TEST_CASE("explain: what has no gradient by its kind", "[explain]") {
  Tape tape;
  const Tensor loss = sum(x * x);
  CHECK_THAT(explain(tape, loss, Tensor()), ContainsSubstring("undefined"));
  CHECK_THAT(explain(tape, loss, Tensor::arange(3)), ContainsSubstring("whole numbers have no gradient"));
}

TEST_CASE("explain: what is not zero says how large it is", "[explain]") {
  Tape tape;
  const Tensor loss = sum(x * x);
  CHECK_THAT(explain(tape, loss, x), ContainsSubstring("weight f64 [3]") && ContainsSubstring("not zero") &&
                                         ContainsSubstring("7.48") && ContainsSubstring("0 of 3"));
  CHECK(explain(tape, x) == explain(tape, loss, x));
  CHECK_THAT(explain(tape, loss, loss), ContainsSubstring("is the loss"));
  CHECK(tape.gradients(loss, {x})[0].to_vector() == std::vector<double>{2, -4, 6});  // the tape is as it was
}

TEST_CASE("explain: what nobody read", "[explain]") {
  Tape tape;
  const Tensor other = named("other", {1, 2, 3});
  const Tensor loss = sum(other * other);
  CHECK_THAT(explain(tape, loss, x), ContainsSubstring("None of the 2 operations on this tape read it"));
}

TEST_CASE("explain: a detached leaf, a detached value, and a clone", "[explain]") {
  Tape tape;
  const Tensor cut = detach(x);
  const Tensor loss = sum(cut * cut);
  CHECK_THAT(explain(tape, loss, x), ContainsSubstring("mul #0") && ContainsSubstring("detach"));
  CHECK_THAT(explain(tape, loss, cut), ContainsSubstring("not zero"));

  const Tensor h = tanh(x), stopped = detach(h), late = sum(stopped * stopped);
  CHECK_THAT(explain(tape, late, h), ContainsSubstring("mul #3") && ContainsSubstring("detach"));
  CHECK_THAT(explain(tape, late, stopped), ContainsSubstring("was detached from tanh #2"));
  const Tensor before = exp(x), k = detach(before * 2), end = sum(k * k);
  CHECK_THAT(explain(tape, end, before), ContainsSubstring("detach() cuts the way behind"));

  Tensor copy = copy_of(x);
  copy.set_label("weight");
  const Tensor of_copy = sum(copy * copy);
  CHECK_THAT(explain(tape, of_copy, Tensor(named("weight", {1, 2, 3}))),
             ContainsSubstring("another tensor of this name"));
}

TEST_CASE("explain: ways that end, and a loss that came before", "[explain]") {
  Tape tape;
  const Tensor y = named("y", {1, 2, 3});
  const Tensor early = sum(y * y), unused = exp(x), loss = sum(y * y);
  CHECK_THAT(explain(tape, early, x), ContainsSubstring("which was computed before"));
  CHECK_THAT(explain(tape, loss, x), ContainsSubstring("no operation on the tape read the result of exp #2"));
  CHECK_THAT(explain(tape, loss, unused), ContainsSubstring("None of the 5 operations"));
}

TEST_CASE("explain: whole numbers on the way", "[explain]") {
  Tape tape;
  const Tensor largest = argmax(x * 2, 0);
  const Tensor loss = sum(to(largest, DType::f64));
  CHECK_THAT(explain(tape, loss, x), ContainsSubstring("no operation on the tape read the result of mul #0") &&
                                         ContainsSubstring("whole numbers"));
}

TEST_CASE("explain: masks, and numbers beyond a bound", "[explain]") {
  Tape tape;
  const Tensor negative = named("negative", {-1, -2, -3});
  const Tensor loss = sum(relu(negative) + 1);
  CHECK_THAT(explain(tape, loss, negative),
             ContainsSubstring("A gradient arrives at relu #0") && ContainsSubstring("mask"));
  const Tensor weights = Tensor::from<double>({0, 0, 0}), weighed = sum(exp(x) * weights);
  CHECK_THAT(explain(tape, weighed, x), ContainsSubstring("arrives at mul #"));
  const Tensor none = Tensor::from<int64_t>({0, 0, 0}),
               masked = sum(where(greater(none, 0), x, Tensor::full({3}, 2, DType::f64)));
  CHECK_THAT(explain(tape, masked, x), ContainsSubstring("A gradient arrives at where"));
}

TEST_CASE("explain: shares that add up to nothing", "[explain]") {
  Tape tape;
  const Tensor h = exp(x), up = 2 * h, down = -2 * h, loss = sum(up + down);
  const std::string text = explain(tape, loss, x);
  CHECK_THAT(text, ContainsSubstring("adds up to 0") && ContainsSubstring("mul #1") && ContainsSubstring("mul #2"));
}

TEST_CASE("explain: the first operation of the backward pass that makes a NaN", "[explain]") {
  Tape tape;
  const Tensor zero = named("zero", {0, 0});
  const Tensor loss = sum(sqrt(zero * zero));
  CHECK_THAT(explain(tape, loss, zero), ContainsSubstring("not finite") && ContainsSubstring("sqrt #1"));
}

TEST_CASE("explain: other tapes, losses of other tapes, and tapes that were walked", "[explain]") {
  Tensor old, old_loss;
  {
    Tape gone;
    old = exp(x);
    old_loss = sum(old);
  }
  Tape tape;
  CHECK(explain(tape, x) == "Nothing was recorded on this tape.");
  const Tensor loss = sum(x * x);
  CHECK_THAT(explain(tape, old_loss, x), ContainsSubstring("not computed on this tape"));
  CHECK_THAT(explain(tape, detach(loss), x), ContainsSubstring("detached from sum #1"));
  CHECK_THAT(explain(tape, loss, old), ContainsSubstring("another tape") && ContainsSubstring("None of"));
  tape.gradients(loss, {x});
  CHECK_THAT(explain(tape, loss, x),
             ContainsSubstring("2 operations lie on its ways") && ContainsSubstring(".keep = true"));
  exp(x);
  CHECK_THROWS_WITH(explain(tape, x), ContainsSubstring("explain(tape, loss, x)"));
}

TEST_CASE("a trace has the gradients of the backward pass, and they are the sums of its edges", "[explain]") {
  Rng rng(4);
  GruCell cell(3, 4, rng);
  convert(cell, DType::f64);
  const Parameters parameters(cell);
  const Tensor step = Tensor::from<double>({1, 2, 3, -1, 0, 1}, {2, 3});
  Tape tape({.keep = true});
  State state{Tensor::full({2, 4}, 0.1, DType::f64), {}};
  for (int t = 0; t < 3; ++t) state.h = cell.step(cell.project(step), state).h * state.h[1];
  const Tensor h = state.h, loss = sum(h[0] * h[1]) + sum(h);
  const Trace trace(tape, loss);
  const Gradients gradients = tape.gradients(loss, parameters);
  for (size_t i = 0; i < parameters.size(); ++i) {
    INFO(parameters.name(i));
    CHECK(norm(trace.of(parameters[i]) - gradients[i]).item() < 1e-12);
  }
  CHECK_THROWS_WITH(Trace(tape, h), ContainsSubstring("one number"));
  CHECK_THROWS_WITH(Trace(tape, x), ContainsSubstring("on this tape"));
}
