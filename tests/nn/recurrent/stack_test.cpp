// Layers step by step beside the same layers over a whole sequence.
#include "nn/recurrent/stack.h"

#include "autograd/zip/elementwise.h"
#include "nn/recurrent/cells.h"
#include "nn/recurrent/recurrent.h"
#include "tests/catch.hpp"
#include "tests/nn/checks.h"

using namespace heed;
using Catch::Matchers::ContainsSubstring;
using heed::test::largest_difference;

TEST_CASE("a stack steps as Recurrent runs", "[stack]") {
  for (const CellChoice& choice : recurrent_cells)
    for (const int layers : {1, 2, 3}) {
      INFO(choice.name << " " << layers);
      Rng rng(1);
      Recurrent<AnyCell> whole(3, 4, {.layers = layers}, rng, choice.make);
      Stack stack;
      stack.layers = whole.forward;
      const Tensor x = rng.uniform({5, 2, 3}, -1, 1);
      const RecurrentOutput out = whole(pack(x));
      const Tensor zeros = Tensor::zeros({2, 4 * layers});
      State state{zeros, stack.has_memory() ? zeros : Tensor()};
      for (int64_t t = 0; t < 5; ++t) state = stack.step(stack.project(x[t]), state);
      CHECK(largest_difference(stack.top(state), out.last.h[layers - 1]) < 1e-6);
      for (int64_t l = 0; l < layers; ++l) {
        CHECK(largest_difference(narrow(state.h, 1, 4 * l, 4), out.last.h[l]) < 1e-6);
        if (state.c) CHECK(largest_difference(narrow(state.c, 1, 4 * l, 4), out.last.c[l]) < 1e-6);
      }
    }
}

TEST_CASE("what falls on the way between the layers of a stack is applied between them alone", "[stack]") {
  Rng rng(2);
  Stack stack(3, 4, 3, rng, choose(recurrent_cells, "cell", "gru").make);
  const Tensor x = rng.uniform({2, 3}, -1, 1);
  int calls = 0;
  const State zero{Tensor::zeros({2, 12}), {}};
  const State cut = stack.step(stack.project(x), zero, [&](const Tensor& h) { return ++calls, h * 0.0; });
  CHECK(calls == 2);
  const State whole = stack.step(stack.project(x), zero);
  CHECK(largest_difference(narrow(cut.h, 1, 0, 4), narrow(whole.h, 1, 0, 4)) == 0);
  CHECK(largest_difference(stack.top(cut), stack.top(whole)) > 0);
}

TEST_CASE("a stack says what it cannot step", "[stack]") {
  Rng rng(3);
  const auto make = choose(recurrent_cells, "cell", "lstm").make;
  CHECK_THROWS_WITH(Stack(3, 4, 0, rng, make), ContainsSubstring("at least 1"));
  Stack stack(3, 4, 2, rng, make);
  const Tensor projected = stack.project(Tensor::zeros({2, 3}));
  CHECK_THROWS_WITH(stack.step(projected, {Tensor::zeros({2, 4}), Tensor::zeros({2, 4})}),
                    ContainsSubstring("2 layers of 4"));
  CHECK_THROWS_WITH(stack.step(projected, {Tensor::zeros({2, 8}), {}}), ContainsSubstring("no c"));
}

TEST_CASE("a lone cell in a stack has the names that it has alone", "[stack]") {
  Rng rng(4);
  const auto make = choose(recurrent_cells, "cell", "gru").make;
  AnyCell alone = make(3, 4, rng, true);
  Stack one(3, 4, 1, rng, make), two(3, 4, 2, rng, make);
  CHECK(named_tensors(one)[0].name == named_tensors(alone)[0].name);
  CHECK(named_tensors(two)[0].name == "0." + named_tensors(alone)[0].name);
  CHECK(named_tensors(two).size() == 2 * named_tensors(alone).size());
}
