// Recurrent cells and layers: no trace of padding, and what stands around them.
#include "nn/recurrent/recurrent.h"

#include <numeric>

#include "autograd/ops/reduce.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "nn/layers/dropout.h"
#include "nn/recurrent/cells.h"
#include "nn/recurrent/gru.h"
#include "nn/recurrent/gru_cho.h"
#include "nn/recurrent/lstm.h"
#include "nn/recurrent/rnn.h"
#include "tests/catch.hpp"
#include "tests/nn/checks.h"

namespace heed {
using namespace test;
namespace {

template <class Cell>
Recurrent<Cell> make(int64_t input, int64_t hidden, int layers, bool both_ways, Rng& rng) {
  Recurrent<Cell> net(input, hidden, {layers, both_ways, true}, rng);
  convert(net, DType::f64);
  return net;
}
// Two layers in both directions, of 3 -> 4.
Recurrent<AnyCell> two_layers_of(const CellChoice& cell, Rng& rng) {
  Recurrent<AnyCell> net(3, 4, {2, true, true}, rng, cell.make);
  convert(net, DType::f64);
  return net;
}

struct LossAndGradients {
  double loss;
  std::vector<Tensor> of_weights;
  Tensor of_x;
};

// A loss of everything the layer gives, its valid outputs and its last state.
LossAndGradients run_loss(Recurrent<AnyCell>& net, const Tensor& x, const std::vector<int64_t>& lengths) {
  std::vector<Tensor> of = weights_of(net);
  of.push_back(x);
  Tape tape;
  const auto out = net(pack(x, lengths));
  const Tensor loss = sum(square(unpack(out.outputs))) + sum(sin(out.last.h * 3));
  const Gradients gradients = tape.gradients(loss, of);
  LossAndGradients result{loss.item(), {gradients.begin(), gradients.end()}, {}};
  result.of_x = result.of_weights.back();
  result.of_weights.pop_back();
  return result;
}

void check_padding(const CellChoice& cell) {
  Rng rng(3);
  for (int round = 0; round < 5; ++round) {
    const int64_t batch = 1 + rng.below(5), steps = 1 + rng.below(6);
    std::vector<int64_t> lengths(static_cast<size_t>(batch));
    for (int64_t& n : lengths) n = rng.below(steps + 1);
    lengths[0] = steps;
    Recurrent<AnyCell> net = two_layers_of(cell, rng);
    const Tensor x = random({steps, batch, 3}, rng);
    const Tensor padded = concat({x, random({4, batch, 3}, rng) * 1e3}, 0);
    const LossAndGradients plain = run_loss(net, x, lengths), with_padding = run_loss(net, padded, lengths);
    CHECK(std::abs(plain.loss - with_padding.loss) <= 1e-12);
    for (size_t i = 0; i < plain.of_weights.size(); ++i)
      CHECK(largest_difference(plain.of_weights[i], with_padding.of_weights[i]) <= 1e-12);
    CHECK(largest_difference(plain.of_x, narrow(with_padding.of_x, 0, 0, steps)) <= 1e-12);
    CHECK(sum(abs(narrow(with_padding.of_x, 0, steps, 4))).item() == 0);
  }
}

// Each sentence of a batch alone must give what it gives in the batch.
void check_against_single_sentences(const CellChoice& cell) {
  Rng rng(5);
  const std::vector<int64_t> lengths{2, 5, 0, 3, 5};
  const Recurrent<AnyCell> net = two_layers_of(cell, rng);
  const Tensor x = random({5, 5, 3}, rng);
  const auto together = net(pack(x, lengths));
  const Tensor y = unpack(together.outputs, 5);
  for (int64_t b = 0; b < 5; ++b) {
    const int64_t n = lengths[static_cast<size_t>(b)];
    const auto alone = net(pack(narrow(narrow(x, 1, b, 1), 0, 0, n)));
    CHECK(largest_difference(unpack(alone.outputs), narrow(narrow(y, 1, b, 1), 0, 0, n)) <= 1e-13);
    CHECK(largest_difference(alone.last.h, narrow(together.last.h, 1, b, 1)) <= 1e-13);
  }
}

}  // namespace

TEST_CASE("padding changes neither loss nor gradients", "[recurrent]") {
  for (const CellChoice& cell : recurrent_cells) {
    INFO(cell.name);
    check_padding(cell);
  }
}

TEST_CASE("a sentence gives the same alone and in a batch", "[recurrent]") {
  for (const CellChoice& cell : recurrent_cells) {
    INFO(cell.name);
    check_against_single_sentences(cell);
  }
}

TEST_CASE("the two GRUs are different functions of the same weights", "[recurrent]") {
  // With z = sigmoid(large) = 1 PyTorch's unit keeps the old state, Cho's takes the new value.
  GruCell torch;
  torch.weight_ih = torch.weight_hh = Tensor::zeros({3, 1}, DType::f64);
  torch.bias_ih = Tensor::from<double>({0, 100, 2});
  torch.bias_hh = Tensor::zeros({3}, DType::f64);
  GruChoCell cho;
  cho.weight_ih = Tensor::zeros({3, 1}, DType::f64);
  cho.weight_hh_gates = Tensor::zeros({2, 1}, DType::f64);
  cho.weight_hh_candidate = Tensor::zeros({1, 1}, DType::f64);
  cho.bias = Tensor::from<double>({100, 0, 2});
  const Tensor x = Tensor::zeros({1, 1}, DType::f64), h = Tensor::full({1, 1}, 0.25, DType::f64);
  CHECK(torch(x, {h, {}}).h.item() == Catch::Approx(0.25));
  CHECK(cho(x, {h, {}}).h.item() == Catch::Approx(std::tanh(2.0)));
}

TEST_CASE("truncation cuts the gradient and nothing else", "[recurrent]") {
  Rng rng(2);
  const Recurrent<GruCell> net = make<GruCell>(2, 3, 1, false, rng);
  const Tensor x = random({6, 2, 2}, rng);
  RecurrentOptions cut;
  cut.chunk = 4;
  const auto last_step_gradient = [&](const RecurrentOptions& options, double& value) {
    Tape tape;
    const auto out = net(pack(x), {}, options);
    const Tensor loss = sum(out.last.h);
    value = loss.item();
    return tape.gradients(loss, std::vector<Tensor>{x})[0];
  };
  double whole = 0, truncated = 0;
  const Tensor all = last_step_gradient({}, whole), some = last_step_gradient(cut, truncated);
  CHECK(whole == truncated);
  CHECK(sum(abs(narrow(all, 0, 0, 4))).item() > 0);
  CHECK(sum(abs(narrow(some, 0, 0, 4))).item() == 0);
  CHECK(largest_difference(narrow(all, 0, 4, 2), narrow(some, 0, 4, 2)) <= 1e-15);
}

TEST_CASE("what stands between layers is applied to all but the top one", "[recurrent]") {
  Rng rng(4);
  const Recurrent<RnnCell> net = make<RnnCell>(2, 3, 3, true, rng);
  std::vector<int> seen;
  RecurrentOptions options;
  options.between = [&](const Tensor& rows, int layer) {
    seen.push_back(layer);
    CHECK(rows.shape() == Shape{5, 6});
    return rows * 0.0;
  };
  const Tensor x = random({3, 2, 2}, rng);
  const auto dropped = net(pack(x, {3, 2}), {}, options), other = net(pack(x * 2, {3, 2}), {}, options);
  CHECK(seen == std::vector<int>{0, 1, 0, 1});
  CHECK(largest_difference(dropped.outputs.rows, other.outputs.rows) == 0);
}

TEST_CASE("parameters have one dotted name each", "[recurrent]") {
  Rng rng(1);
  Recurrent<GruChoCell> net(4, 5, {2, true, true}, rng);
  const std::vector<NamedTensor> parts = named_tensors(net);
  REQUIRE(parts.size() == 16);
  CHECK(parts[0].name == "forward.0.weight_ih");
  CHECK(parts[15].name == "backward.1.bias");
  CHECK(net.forward[1].weight_ih.shape() == Shape{15, 10});
}

TEST_CASE("a wrong initial state is refused", "[recurrent]") {
  Rng rng(1);
  const Recurrent<LstmCell> net(2, 3, {1, false, true}, rng);
  const Packed x = pack(Tensor::zeros({2, 4, 2}));
  CHECK_THROWS_WITH(net(x, {Tensor::zeros({2, 4, 3}), {}}), Catch::Matchers::ContainsSubstring("[1, 4, H]"));
  CHECK_THROWS_AS(net(x, {Tensor::zeros({1, 3, 3}), {}}), Error);
}

TEST_CASE("a state that does not fit the cell is named", "[recurrent]") {
  using Catch::Matchers::ContainsSubstring;
  Rng rng(1);
  const Tensor x = Tensor::zeros({2, 3}), h = Tensor::zeros({2, 4}), all = Tensor::zeros({1, 2, 4});
  const Packed packed = pack(Tensor::zeros({5, 2, 3}));
  const GruCell gru(3, 4, rng);
  const LstmCell lstm(3, 4, rng);
  CHECK_THROWS_WITH(gru(x, {h, h}), ContainsSubstring("GruCell") && ContainsSubstring("keeps no memory"));
  CHECK_THROWS_WITH(lstm(x, {h, {}}), ContainsSubstring("LstmCell") && ContainsSubstring("no c"));
  CHECK_THROWS_WITH(lstm(x, {{}, h}), ContainsSubstring("no h"));
  CHECK_THROWS_WITH(GruChoCell(3, 4, rng)(x, {}), ContainsSubstring("GruChoCell"));
  CHECK_THROWS_WITH(RnnCell(3, 4, rng)(x, {h, h}), ContainsSubstring("RnnCell"));
  const Recurrent<GruCell> grus(3, 4, {}, rng);
  const Recurrent<LstmCell> lstms(3, 4, {}, rng);
  CHECK_THROWS_WITH(grus(packed, {all, all}), ContainsSubstring("keeps no memory"));
  CHECK_THROWS_WITH(lstms(packed, {all, {}}), ContainsSubstring("no c"));
  CHECK_THROWS_WITH(lstms(packed, {{}, all}), ContainsSubstring("no h"));
  CHECK_THROWS_WITH(Recurrent<GruCell>(3, 4, {.layers = 0}, rng), ContainsSubstring("at least one layer"));
  CHECK_THROWS_WITH(Recurrent<GruCell>(3, 4, {.layers = -1}, rng), ContainsSubstring("at least one layer"));
  CHECK_THROWS_WITH(Recurrent<GruCell>()(packed), ContainsSubstring("at least one layer"));
}

}  // namespace heed
