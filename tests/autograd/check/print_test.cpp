#include "autograd/check/print.h"

#include "autograd/ops/extrema.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Step {
  Tensor weight = Tensor::from<float>({1, 2, 3, 4}, {2, 2});
  Tensor x = Tensor::from<float>({1, -1, 0, 2, 1, 1}, {3, 2});
  Step() { weight.set_label("cell.<weight>"); }
  Tensor operator()() const {
    Tensor h = x;
    for (int64_t t = 0; t < 2; ++t) {
      const TimeStep step(t);
      h = tanh(matmul(h, weight));
    }
    return sum(h);
  }
};

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

}  // namespace

TEST_CASE("a tape prints as a table", "[print]") {
  const Step step;
  Tape tape;
  CHECK(print(tape).empty());
  step();
  CHECK(print(tape) ==
        "#0  matmul  f32 [3, 2]  from f32 [3, 2], cell.<weight>  at time step 0\n"
        "#1  tanh    f32 [3, 2]  from #0                         at time step 0\n"
        "#2  matmul  f32 [3, 2]  from #1, cell.<weight>          at time step 1\n"
        "#3  tanh    f32 [3, 2]  from #2                         at time step 1\n"
        "#4  sum     f32 []      from #3\n");
}

TEST_CASE("a tape inside another prints only its own operations", "[print]") {
  const Tensor x = Tensor::scalar(2, DType::f64);
  const Tape outer;
  const Tensor y = exp(x);
  const Tape inner;
  const Tensor z = y * x;
  CHECK(print(inner) == "#1  mul  f64 []  from #0, f64 []\n");
  CHECK(count(print(outer), "\n") == 2);
  CHECK(count(to_dot(inner), "shape=ellipse") == 1);
}

TEST_CASE("Graphviz text has a box for each parameter and an edge for each input", "[print]") {
  const Step step;
  const Tape tape;
  step();
  const std::string dot = to_dot(tape);
  CHECK_THAT(dot, Catch::Matchers::StartsWith("digraph tape {\n") && Catch::Matchers::EndsWith("}\n"));
  CHECK(count(dot, "shape=ellipse") == 5);
  CHECK(count(dot, "shape=box") == 1);
  CHECK(count(dot, "shape=plaintext") == 1);
  CHECK(count(dot, " -> ") == 7);
  CHECK_THAT(dot, ContainsSubstring("[label=\"cell.<weight>\\nf32 [2, 2]\", shape=box"));
  CHECK_THAT(dot, ContainsSubstring("[label=\"[2, 2]\"]"));
}

TEST_CASE("operations with several outputs, integer inputs and repeated inputs are shown", "[print]") {
  const Tensor x = Tensor::from<float>({1, 2, 3, 1}, {4});
  const Tape tape;
  const auto [largest, where_it_is] = max(x, 0);
  const Tensor y = largest * largest;
  CHECK_THAT(print(tape), ContainsSubstring("mul") && ContainsSubstring("from #0, #0"));
  CHECK(count(to_dot(tape), " -> ") == 3);
  CHECK(where_it_is.item() == 2);
}

TEST_CASE("a tape that is watched shows values, and gradients of a loss that is named", "[print]") {
  Tensor x = Tensor::scalar(3, DType::f64);
  x.set_label("x");
  Tape tape({.watch = true});
  const Tensor square = x * x, y = square + square;  // both readers count: dy/dsquare = 2
  CHECK(print(tape, y) ==
        "#0  mul  f64 []  from x, x    = 9   d 2\n"
        "#1  add  f64 []  from #0, #0  = 18  d 1\n");
  const std::vector<TapeVertex> graph = graph_of(tape, y);
  REQUIRE(graph.size() == 3);
  CHECK((graph[0].value == "3" && graph[0].gradient == "12"));
  CHECK((graph[1].value == "9" && graph[1].gradient == "2"));
  CHECK(graph[1].shares == std::vector<std::string>{"6", "6"});
  CHECK(graph[2].shares == std::vector<std::string>{"1", "1"});
  CHECK_THAT(to_dot(tape, y),
             ContainsSubstring("[label=\"[]\\n3\\nd 6\"]") && ContainsSubstring("#1 add\\nf64 []\\n= 18\\nd 1"));
  CHECK(tape.gradients(y, {x})[0].item() == 12);
  CHECK_THROWS_WITH(print(tape, y), ContainsSubstring("keep"));
  CHECK_THROWS_WITH(print(tape, x), ContainsSubstring("computed on this tape"));
}

TEST_CASE("long tensors are shown by their norm, short ones whole", "[print]") {
  const Tensor x = Tensor::from<double>({3, 4});
  const Tensor many = Tensor::full({25}, 2, DType::f64), none = Tensor::zeros({0}, DType::f64);
  Tape tape({.watch = true});
  const Tensor loss = sum(x * x) + sum(many * many) + sum(none * 2);
  const std::string text = print(tape, loss);
  CHECK_THAT(text, ContainsSubstring("= [9, 16]") && ContainsSubstring("= |20|") && ContainsSubstring("= []"));
  {
    Tape inner;
    exp(x);
    CHECK_THAT(print(inner), ContainsSubstring("= [20.09, 54.6]"));  // it is the outer tape's reel
  }
}

TEST_CASE("only tapes that are watched keep values", "[print]") {
  const Tensor x = Tensor::from<double>({3, 4});
  Tape outer;
  {
    Tape inner({.watch = true});
    exp(x);
    CHECK_THAT(print(inner), ContainsSubstring("= ["));
  }
  exp(x);
  CHECK(count(print(outer), "= [") == 1);
}
