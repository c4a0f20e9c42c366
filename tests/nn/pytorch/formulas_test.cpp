// Each kind of layer, loaded from a state dict with numbers of this file, against its formula written out in plain
// loops, as torch.nn's documentation has it.
#include <cmath>

#include "nn/attention/multi_head.h"
#include "nn/layers/batch_norm.h"
#include "nn/layers/conv2d.h"
#include "nn/layers/embedding.h"
#include "nn/layers/layer_norm.h"
#include "nn/layers/linear.h"
#include "nn/pytorch/state_dict.h"
#include "nn/recurrent/gru.h"
#include "nn/recurrent/lstm.h"
#include "nn/recurrent/recurrent.h"
#include "nn/recurrent/rnn.h"
#include "tests/nn/checks.h"

using namespace heed;
using namespace heed::test;

namespace {

using Doubles = std::vector<double>;

// A state dict whose numbers are drawn, by PyTorch's names and shapes.
struct Module {
  TensorFile file;
  explicit Module(const std::vector<std::pair<std::string, Shape>>& tensors) {
    Rng rng(5);
    for (const auto& [name, shape] : tensors) file.tensors[name] = random(shape, rng);
  }
  double at(const std::string& name, std::initializer_list<int64_t> index) const {
    return file.tensors.at(name).at(index);
  }
  // Rows row .. row + n - 1 of  W x + b.
  Doubles affine(const std::string& weight, const std::string& bias, const Doubles& x, int64_t row, int64_t n) const {
    Doubles y;
    for (int64_t i = row; i < row + n; ++i) {
      double sum = at(bias, {i});
      for (size_t j = 0; j < x.size(); ++j) sum += at(weight, {i, static_cast<int64_t>(j)}) * x[j];
      y.push_back(sum);
    }
    return y;
  }
};

template <class Layer>
Layer loaded(Layer layer, const Module& module) {
  convert(layer, DType::f64);
  from_pytorch(layer, module.file);
  return layer;
}

double sigma(double a) { return 1 / (1 + std::exp(-a)); }

// One step of a cell whose names end in `suffix`, with the gates' rows in PyTorch's order. h and c are changed.
using Step = void (*)(const Module& m, const std::string& suffix, const Doubles& x, Doubles& h, Doubles& c);

void rnn_step(const Module& m, const std::string& suffix, const Doubles& x, Doubles& h, Doubles&) {
  const auto n = static_cast<int64_t>(h.size());
  const Doubles in = m.affine("weight_ih" + suffix, "bias_ih" + suffix, x, 0, n);
  const Doubles back = m.affine("weight_hh" + suffix, "bias_hh" + suffix, h, 0, n);
  for (size_t i = 0; i < h.size(); ++i) h[i] = std::tanh(in[i] + back[i]);
}
void lstm_step(const Module& m, const std::string& suffix, const Doubles& x, Doubles& h, Doubles& c) {
  const size_t n = h.size();
  const Doubles in = m.affine("weight_ih" + suffix, "bias_ih" + suffix, x, 0, static_cast<int64_t>(4 * n));
  const Doubles back = m.affine("weight_hh" + suffix, "bias_hh" + suffix, h, 0, static_cast<int64_t>(4 * n));
  for (size_t k = 0; k < n; ++k) {
    const double i = sigma(in[k] + back[k]), f = sigma(in[n + k] + back[n + k]);
    const double g = std::tanh(in[2 * n + k] + back[2 * n + k]), o = sigma(in[3 * n + k] + back[3 * n + k]);
    c[k] = f * c[k] + i * g;
    h[k] = o * std::tanh(c[k]);
  }
}
void gru_step(const Module& m, const std::string& suffix, const Doubles& x, Doubles& h, Doubles&) {
  const size_t n = h.size();
  const Doubles in = m.affine("weight_ih" + suffix, "bias_ih" + suffix, x, 0, static_cast<int64_t>(3 * n));
  const Doubles back = m.affine("weight_hh" + suffix, "bias_hh" + suffix, h, 0, static_cast<int64_t>(3 * n));
  for (size_t k = 0; k < n; ++k) {
    const double r = sigma(in[k] + back[k]), z = sigma(in[n + k] + back[n + k]);
    const double candidate = std::tanh(in[2 * n + k] + r * back[2 * n + k]);
    h[k] = (1 - z) * candidate + z * h[k];
  }
}

constexpr int64_t kInput = 3, kHidden = 2, kSteps = 4;

// Two layers in both directions.
template <class Cell>
void check_recurrent(int64_t gates, Step step) {
  std::vector<std::pair<std::string, Shape>> tensors;
  for (const int layer : {0, 1})
    for (const char* direction : {"", "_reverse"}) {
      const std::string suffix = fmt::format("_l{}{}", layer, direction);
      const int64_t rows = gates * kHidden;
      tensors.push_back({"weight_ih" + suffix, {rows, layer == 0 ? kInput : 2 * kHidden}});
      tensors.push_back({"weight_hh" + suffix, {rows, kHidden}});
      tensors.push_back({"bias_ih" + suffix, {rows}});
      tensors.push_back({"bias_hh" + suffix, {rows}});
    }
  const Module module(tensors);
  const Tensor x = random_tensor({kSteps, 1, kInput}, 6);

  std::vector<Doubles> rows(kSteps);
  for (int64_t t = 0; t < kSteps; ++t) rows[static_cast<size_t>(t)] = select(x, 0, t).to_vector();
  for (const int layer : {0, 1}) {
    std::vector<Doubles> above(kSteps);
    for (const bool reverse : {false, true}) {
      Doubles h(kHidden), c(kHidden);
      for (size_t i = 0; i < kSteps; ++i) {
        const size_t t = reverse ? kSteps - 1 - i : i;
        step(module, fmt::format("_l{}{}", layer, reverse ? "_reverse" : ""), rows[t], h, c);
        above[t].insert(above[t].end(), h.begin(), h.end());
      }
    }
    rows = above;
  }
  Rng rng(1);
  const Recurrent<Cell> layer(kInput, kHidden, {.layers = 2, .bidirectional = true}, rng);
  const Tensor y = unpack(loaded(layer, module)(pack(x)).outputs);
  for (int64_t t = 0; t < kSteps; ++t)
    check_close(select(y, 0, t).to_vector(), rows[static_cast<size_t>(t)], 0, 1e-12);
}

}  // namespace

TEST_CASE("torch.nn.RNN, LSTM and GRU, two layers in both directions", "[pytorch]") {
  check_recurrent<RnnCell>(1, rnn_step);
  check_recurrent<LstmCell>(4, lstm_step);
  check_recurrent<GruCell>(3, gru_step);
}

TEST_CASE("torch.nn.RNNCell, LSTMCell and GRUCell", "[pytorch]") {
  const auto check = [](auto cell, int64_t gates, Step step) {
    const int64_t rows = gates * kHidden;
    const Module module(
        {{"weight_ih", {rows, kInput}}, {"weight_hh", {rows, kHidden}}, {"bias_ih", {rows}}, {"bias_hh", {rows}}});
    Doubles h{0.5, -0.25}, c{1, 2};
    const Tensor x = random_tensor({1, kInput}, 6), memory = Tensor::from(c, {1, kHidden});
    const State start{Tensor::from(h, {1, kHidden}), has_memory(cell) ? memory : Tensor()};
    step(module, "", x.to_vector(), h, c);
    check_close(loaded(cell, module)(x, start).h.to_vector(), h, 0, 1e-12);
  };
  Rng rng(1);
  check(RnnCell(kInput, kHidden, rng), 1, rnn_step);
  check(LstmCell(kInput, kHidden, rng), 4, lstm_step);
  check(GruCell(kInput, kHidden, rng), 3, gru_step);
}

TEST_CASE("torch.nn.Linear and Embedding", "[pytorch]") {
  Rng rng(1);
  const Module dense({{"weight", {4, 3}}, {"bias", {4}}});
  const Tensor x = random_tensor({3}, 6);
  check_close(loaded(Linear(3, 4, rng), dense)(x).to_vector(), dense.affine("weight", "bias", x.to_vector(), 0, 4), 0,
              1e-12);
  const Module table({{"weight", {5, 2}}});
  const Tensor rows = loaded(Embedding(5, 2, rng), table)(Tensor::from<int64_t>({3, 0}));
  CHECK(rows.to_vector() == Doubles{table.at("weight", {3, 0}), table.at("weight", {3, 1}),
                                    table.at("weight", {0, 0}), table.at("weight", {0, 1})});
}

TEST_CASE("torch.nn.LayerNorm", "[pytorch]") {
  const Module module({{"weight", {4}}, {"bias", {4}}});
  const Doubles x{1, 2, 4, 9};
  const double mean = 4, variance = (9 + 4 + 0 + 25) / 4.0;
  Doubles expected;
  for (int64_t i = 0; i < 4; ++i)
    expected.push_back((x[static_cast<size_t>(i)] - mean) / std::sqrt(variance + 1e-5) * module.at("weight", {i}) +
                       module.at("bias", {i}));
  check_close(loaded(LayerNorm({4}), module)(Tensor::from(x)).to_vector(), expected, 0, 1e-12);
}

TEST_CASE("torch.nn.Conv2d", "[pytorch]") {
  const Module module({{"weight", {2, 3, 2, 2}}, {"bias", {2}}});
  const Tensor x = random_tensor({1, 3, 3, 4}, 6);
  Rng rng(1);
  const Tensor y = loaded(Conv2d(3, 2, {2, 2}, rng), module)(x);
  REQUIRE(y.shape() == Shape{1, 2, 2, 3});
  for (int64_t out = 0; out < 2; ++out)
    for (int64_t row = 0; row < 2; ++row)
      for (int64_t column = 0; column < 3; ++column) {
        double sum = module.at("bias", {out});
        for (int64_t in = 0; in < 3; ++in)
          for (const int64_t i : {0, 1})
            for (const int64_t j : {0, 1})
              sum += module.at("weight", {out, in, i, j}) * x.at({0, in, row + i, column + j});
        CHECK(std::abs(y.at({0, out, row, column}) - sum) < 1e-12);
      }
}

TEST_CASE("torch.nn.BatchNorm2d in use", "[pytorch]") {
  Module module({{"weight", {2}}, {"bias", {2}}, {"running_mean", {2}}});
  module.file.tensors["running_var"] = Tensor::from<double>({0.5, 2});
  module.file.tensors["num_batches_tracked"] = Tensor::full({}, 7, DType::i64);
  const Tensor x = random_tensor({2, 2, 1, 3}, 6);
  const Tensor y = loaded(BatchNorm(2), module)(x, false);
  for (int64_t n = 0; n < 2; ++n)
    for (int64_t c = 0; c < 2; ++c)
      for (int64_t i = 0; i < 3; ++i) {
        const double centred = x.at({n, c, 0, i}) - module.at("running_mean", {c});
        const double expected = centred / std::sqrt(module.at("running_var", {c}) + 1e-5) * module.at("weight", {c});
        CHECK(std::abs(y.at({n, c, 0, i}) - expected - module.at("bias", {c})) < 1e-12);
      }
}

TEST_CASE("torch.nn.MultiheadAttention", "[pytorch]") {
  constexpr int64_t size = 4, heads = 2, width = size / heads, positions = 3;
  const Module module({{"in_proj_weight", {3 * size, size}},
                       {"in_proj_bias", {3 * size}},
                       {"out_proj.weight", {size, size}},
                       {"out_proj.bias", {size}}});
  const Tensor x = random_tensor({1, positions, size}, 6);
  const auto project = [&](int64_t position, int64_t part) {  // part 0: q, 1: k, 2: v
    return module.affine("in_proj_weight", "in_proj_bias", x[0][position].to_vector(), part * size, size);
  };
  Rng rng(1);
  const Tensor y = loaded(MultiHeadAttention(size, heads, rng), module)(x, x, x).y;
  for (int64_t u = 0; u < positions; ++u) {
    Doubles joined(size);
    for (int64_t head = 0; head < heads; ++head) {
      Doubles weights;
      double total = 0;
      for (int64_t s = 0; s < positions; ++s) {
        double score = 0;
        for (int64_t i = head * width; i < (head + 1) * width; ++i)
          score += project(u, 0)[static_cast<size_t>(i)] * project(s, 1)[static_cast<size_t>(i)];
        total += weights.emplace_back(std::exp(score / std::sqrt(double(width))));
      }
      for (int64_t s = 0; s < positions; ++s)
        for (int64_t i = head * width; i < (head + 1) * width; ++i)
          joined[static_cast<size_t>(i)] +=
              weights[static_cast<size_t>(s)] / total * project(s, 2)[static_cast<size_t>(i)];
    }
    check_close(y[0][u].to_vector(), module.affine("out_proj.weight", "out_proj.bias", joined, 0, size), 0, 1e-12);
  }
}
