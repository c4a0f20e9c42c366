// First steps, 7: how does a network remember?
//
// A bit, -1 or 1, comes at the first of 20 steps; then come 19 numbers that mean nothing. At the end the
// network is asked for the bit. What it must learn of the first step comes back through all the others. Each
// multiplies the gradient by the forget gate, at first near sigmoid(bias): 0.5 for a bias of 0, 0.73 for 1.
#include <cmath>
#include <cstdio>

#include "autograd/ops/reduce.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/first_steps/seed.h"
#include "nn/layers/linear.h"
#include "nn/losses/losses.h"
#include "nn/recurrent/lstm.h"
#include "optim/gradient_descent.h"

using namespace heed;

namespace {
constexpr int kSteps = 20, kUnits = 8, kBatch = 32;

struct Model {
  LstmCell cell;
  Linear output;

  Model(double forget_bias, Rng& rng) : cell(1, kUnits, rng), output(kUnits, 1, rng) {
    const Tensor zeros = Tensor::zeros({kUnits}), forget = Tensor::full({kUnits}, forget_bias);
    cell.bias_ih = concat({zeros, forget, zeros, zeros}, 0);  // gates i, f, g, o
    cell.bias_hh = Tensor::zeros({4 * kUnits});
    convert(*this, DType::f64);
  }
  // x [T, B, 1] -> logits [B], and the memory after each step.
  std::pair<Tensor, std::vector<Tensor>> operator()(const Tensor& x) const {
    const Tensor zeros = Tensor::zeros({kBatch, kUnits}, DType::f64);
    std::vector<State> states = {{zeros, zeros}};
    std::vector<Tensor> memories;
    for (int64_t t = 0; t < kSteps; ++t) memories.push_back(states.emplace_back(cell(x[t], states.back())).c);
    return {reshape(output(states.back().h), {kBatch}), memories};
  }
  void parts(auto& visit) {
    visit("cell", cell);
    visit("output", output);
  }
};

// x [T, B, 1], and the bits that are asked for at the end [B].
std::pair<Tensor, Tensor> draw(Rng& rng) {
  const Tensor bits = rng.bernoulli_mask({kBatch}, 0.5, DType::f64);
  const Tensor noise = rng.uniform({kSteps - 1, kBatch, 1}, -1, 1, DType::f64);
  return {concat({reshape(2 * bits - 1, {1, kBatch, 1}), noise}, 0), bits};
}

// The size of the gradient of the loss by the memory that each step hands to the next: [T - 1].
std::vector<double> gradient_by_time(const Model& model, Rng& rng) {
  const auto [x, bits] = draw(rng);
  Tape tape;
  auto [logits, memories] = model(x);
  memories.pop_back();  // there is no next step
  std::vector<double> sizes;
  const Tensor loss = bce_with_logits(logits, bits);
  for (const Tensor& gradient : tape.gradients(loss, memories)) sizes.push_back(norm(gradient).item());
  return sizes;
}

// The mean loss of each 50 batches.
std::vector<double> train(Model& model, Rng& rng) {
  Parameters parameters(model);
  Adam adam(parameters, 0.01);
  std::vector<double> losses(8, 0.0);
  for (size_t batch = 0; batch < 400; ++batch) {
    const auto [x, bits] = draw(rng);
    Tape tape;
    const Tensor loss = bce_with_logits(model(x).first, bits);
    adam.step(tape.gradients(loss, parameters));
    losses[batch / 50] += loss.item() / 50;
  }
  return losses;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::vector<double>> sizes, losses;
  for (const double bias : {0.0, 1.0}) {
    Rng rng(seed_from(argc, argv));
    Model model(bias, rng);
    sizes.push_back(gradient_by_time(model, rng));
    losses.push_back(train(model, rng));
  }
  std::printf("before training: gradient by the memory\n%8s %12s %12s\n", "step", "bias 0", "bias 1");
  for (size_t t = 0; t < kSteps - 1; ++t) std::printf("%8zu %12.1e %12.1e\n", t + 1, sizes[0][t], sizes[1][t]);
  std::printf("\nmean loss (a guess: %.3f)\n%8s %12s %12s\n", std::log(2), "batches", "bias 0", "bias 1");
  for (size_t i = 0; i < losses[0].size(); ++i)
    std::printf("%8zu %12.3f %12.3f\n", 50 * (i + 1), losses[0][i], losses[1][i]);
  return losses[1].back() < 0.05 ? 0 : 1;
}
