// What a step will cost, beside what it then did cost.
#include "autograd/check/cost.h"

#include "autograd/base/flops.h"
#include "autograd/base/memory.h"
#include "autograd/base/rng.h"
#include "autograd/ops/conv.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/embedding.h"
#include "nn/layers/linear.h"
#include "nn/losses/cross_entropy.h"
#include "nn/losses/linear_cross_entropy.h"
#include "nn/recurrent/lstm.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

namespace {

Tensor random(const Shape& shape, uint64_t seed) {
  Rng rng(seed);
  return rng.uniform(shape, -1, 1);
}

// The products of the backward pass, counted, and the most memory that it used.
struct Measured {
  int64_t flops = 0, peak = 0;
  Measured(Tape& tape, const Tensor& loss, const Parameters& parameters) {
    const int64_t before = product_flops;
    memory::reset_peak();
    tape.gradients(loss, parameters);
    flops = product_flops - before;
    peak = memory::peak_bytes();
  }
};

double ratio(int64_t a, int64_t b) { return static_cast<double>(a) / static_cast<double>(b); }

int64_t backward_of(const Cost& cost) {
  int64_t sum = 0;
  for (const OperationCost& one : cost.operations) sum += one.backward_flops;
  return sum;
}

struct LanguageModel {
  Rng rng{1};
  Embedding embedding{200, 64, rng};
  LstmCell cell{64, 96, rng};
  Linear output{96, 200, rng};
  void parts(auto& visit) {
    visit("embedding", embedding);
    visit("cell", cell);
    visit("output", output);
  }
};

struct Filters {
  Tensor weight;
  void parts(auto& visit) { visit("weight", weight); }
};

struct Scores {
  Tensor x;
  Linear output;
  void parts(auto& visit) {
    visit("x", x);
    visit("output", output);
  }
};

}  // namespace

TEST_CASE("the cost of a product is counted by hand", "[cost]") {
  const Tensor a = random({30, 40}, 1), b = random({40, 50}, 2);
  Rng rng(3);
  Linear layer(50, 7, rng);
  const Parameters parameters(layer);
  Tape tape;
  const Tensor loss = sum(layer(matmul(a, b)));
  const Cost cost = cost_of(tape, loss, parameters);
  REQUIRE(cost.operations.size() == 3);
  const auto find = [&](const char* name) {
    for (const OperationCost& one : cost.operations)
      if (one.name == name) return one;
    return OperationCost();
  };
  CHECK(find("matmul").forward_flops == 2 * 30 * 40 * 50);
  CHECK(find("matmul").backward_flops == 0);  // of constants
  CHECK(find("linear").forward_flops == 2 * 30 * 50 * 7);
  CHECK(find("linear").backward_flops == 2 * 30 * 50 * 7);  // of the weight, not of what the constants make
  CHECK(find("linear").bytes == 30 * 7 * 4);
  CHECK(find("sum").forward_flops == 0);
  CHECK(cost.flops() == 2 * 30 * 40 * 50 + 4 * 30 * 50 * 7);
  CHECK_THAT(cost.table(), ContainsSubstring("linear") && ContainsSubstring("GFLOP in products"));
  CHECK_THROWS_WITH(cost_of(tape, a, parameters), ContainsSubstring("on this tape"));
}

TEST_CASE("the forecast of a recurrent language model holds", "[cost]") {
  LanguageModel model;
  const Parameters parameters(model);
  const int64_t batch = 32, steps = 40;
  std::vector<int64_t> ids(static_cast<size_t>(batch * steps));
  for (size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<int64_t>(i * 7 % 200);
  const Tensor words = Tensor::from<int64_t>(ids, {steps * batch});
  Tape tape;
  State state{Tensor::zeros({batch, 96}), Tensor::zeros({batch, 96})};
  const Tensor projected = reshape(model.cell.project(model.embedding(words)), {steps, batch, 4 * 96});
  std::vector<Tensor> h;
  for (int64_t t = 0; t < steps; ++t) h.push_back((state = model.cell.step(projected[t], state)).h);
  const Tensor loss = sum(cross_entropy(model.output(concat(h, 0)), words));
  const Cost cost = cost_of(tape, loss, parameters);
  const Measured measured(tape, loss, parameters);
  CHECK(ratio(backward_of(cost), measured.flops) == Approx(1).margin(0.05));
  CHECK(ratio(cost.bytes_peak, measured.peak) == Approx(1).margin(0.25));
}

TEST_CASE("products of the backward pass that the forward pass makes are counted once", "[cost]") {
  constexpr int64_t rows = 300, units = 16, words = 50;
  Rng rng(3);
  Linear output(units, words, rng);
  const Tensor x = random({rows, units}, 1);
  std::vector<int64_t> ids(static_cast<size_t>(rows));
  for (size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<int64_t>(i * 7 % words);
  Scores both{x, output};
  const Parameters parameters(both);
  Tape tape;
  const Tensor loss = linear_cross_entropy(both.x, both.output, Tensor::from(ids));
  const Cost cost = cost_of(tape, loss, parameters);
  CHECK(cost.operations[0].name == "linear_cross_entropy");
  CHECK(cost.operations[0].forward_flops == 2 * rows * units * words);
  CHECK(cost.operations[0].backward_flops == 4 * rows * units * words);
}

TEST_CASE("the forecast of a convolution holds, by whichever way it is computed", "[cost]") {
  for (const int64_t channels : {3, 32}) {  // the direct way, and Winograd's where it pays
    Filters model{random({32, channels, 3, 3}, 2)};
    const Parameters parameters(model);
    const Tensor x = random({4, channels, 24, 24}, 1);
    Tape tape;
    const Tensor loss = sum(conv2d(x, model.weight, {}, {.padding = 1}));
    const Cost cost = cost_of(tape, loss, parameters);
    CHECK(cost.operations[0].forward_flops > 0);
    const Measured measured(tape, loss, parameters);
    INFO(channels << " channels");
    CHECK(ratio(backward_of(cost), measured.flops) == Approx(1).margin(0.3));
  }
}

TEST_CASE("costs of two parts add up by operation", "[cost]") {
  Cost first, second;
  first.operations = {{"matmul", 1, 10, 20, 4}};
  second.operations = {{"matmul", 2, 30, 40, 8}, {"tanh", 1, 0, 0, 8}};
  first.bytes_peak = 5;
  second.bytes_peak = 7;
  first += second;
  REQUIRE(first.operations.size() == 2);
  CHECK((first.operations[0].calls == 3 && first.flops() == 100 && first.bytes_peak == 7));
}
