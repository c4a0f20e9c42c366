// The blocks of docs/derivatives.md (documents_test.cpp holds the two together), and what they should give.
#include <cmath>

#include "autograd/autograd.h"
#include "nn/nn.h"
#include "optim/optim.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Captioner {
  Linear encoder, decoder;
  explicit Captioner(Rng& rng) : encoder(3, 4, rng), decoder(4, 2, rng) {}
  Tensor loss(const Tensor& x) const { return mean(decoder(tanh(encoder(x)))); }
  void parts(auto& visit) {
    visit("encoder", encoder);
    visit("decoder", decoder);
  }
};

// --- the blocks

// How fast the output changes along v, at a and b.
Tensor slope(const Tensor& a, const Tensor& b, const Tensor& v) {
  const auto f = [](const std::vector<Tensor>& x) { return tanh(matmul(x[0], x[1])); };
  return jvp(f, {a, b}, {v, Tensor::zeros(b.shape(), b.dtype())}).products[0];
}

// One step of Newton's method for a function of a few numbers: x - H^-1 g, with the Hessian's inverse by iteration
// (H need not be written down: hvp multiplies with it).
Tensor newton(const std::function<Tensor(const Tensor&)>& f, const Tensor& x, int iterations) {
  const auto one = [f](const std::vector<Tensor>& from) { return f(from[0]); };
  const Tensor g = vjp(one, {x}, {Tensor::scalar(1, x.dtype())}).products[0];
  Tensor d = Tensor::zeros(g.shape(), g.dtype()), residual = g, direction = g;  // conjugate gradients: solve H d = g
  for (int i = 0; i < iterations && sum(residual * residual).item() > 0; ++i) {
    const Tensor h = hvp(one, {x}, {direction})[0];
    const Tensor rate = sum(residual * residual) / sum(direction * h);
    const Tensor next = residual - rate * h;
    d = d + rate * direction;
    direction = next + sum(next * next) / sum(residual * residual) * direction;
    residual = next;
  }
  return x - d;
}

// Two rates, no decay of the biases, and an encoder that stays as it is for the first `frozen` steps.
void train(Captioner& model, const Tensor& x, int steps, int frozen) {
  const Parameters all(model);
  const Parameters decoder = all.matching("decoder.*"), encoder = all.matching("encoder.*");
  AdamW weights(decoder.matching("*.weight"), 1e-2, {.weight_decay = 0.1});
  Adam biases(decoder.matching("*.bias"), 1e-2), slow(encoder, 1e-3);
  const LearningRate rate = schedule::cosine(1e-3, steps);  // of the encoder alone
  for (int step = 0; step < steps; ++step) {
    Tape tape;
    const bool all_learn = step >= frozen;  // what is not asked for costs no backward work
    const Gradients gradients = tape.gradients(model.loss(x), all_learn ? all : decoder);
    weights.step(gradients.of(weights.parameters()));
    biases.step(gradients.of(biases.parameters()));
    slow.learning_rate = rate(step);
    if (all_learn) slow.step(gradients.of(encoder));
  }
}

// The model with the mean of its parameters in the course of training, to keep; the model itself trains on.
Captioner averaged(Captioner& model, Average& average) {
  average.swap();
  Captioner copy = clone(model);
  average.swap();
  return copy;
}

// The gradients that reach each step of a recurrence, as numbers: do they vanish?
std::vector<double> norms_by_step(Tape& tape, const Tensor& loss, const std::vector<Tensor>& states,
                                  const Parameters& parameters) {
  std::vector<double> norms(states.size());
  for (size_t t = 0; t < states.size(); ++t)
    tape.on_gradient(states[t], [&norms, t](const Tensor& gradient) { norms[t] = norm(gradient).item(); });
  tape.gradients(loss, parameters);
  return norms;
}

// Each state's gradient is cut to a norm on its way, so that no step can blow up what lies before it.
void clip_on_the_way(Tape& tape, const Tensor& state, double limit) {
  tape.on_gradient(state, [limit](const Tensor& gradient) {
    const double length = norm(gradient).item();
    return length > limit ? gradient * (limit / length) : gradient;
  });
}

}  // namespace

TEST_CASE("docs/derivatives.md: functional derivatives", "[documents]") {
  const Tensor a = Tensor::from<double>({0.1, 0.2}, {1, 2}), b = Tensor::from<double>({0.5, -0.3}, {2, 1});
  const Tensor v = Tensor::from<double>({1, 0}, {1, 2});
  const double y = std::tanh(0.05 - 0.06);
  CHECK(slope(a, b, v).item() == Approx((1 - y * y) * 0.5));
  const auto bowl = [](const Tensor& x) { return sum(x * x * x * x) * 0.25 + sum(x * x) + x[0] * x[1] - 2 * x[0]; };
  Tensor x = Tensor::from<double>({1, 1});
  for (int i = 0; i < 12; ++i) x = newton(bowl, x, 4);
  const double p = x.at({0}), q = x.at({1});
  CHECK(p * p * p + 2 * p + q == Approx(2));
  CHECK(std::abs(q * q * q + 2 * q + p) < 1e-9);
}

TEST_CASE("docs/derivatives.md: groups, freezing, copies", "[documents]") {
  Rng rng(1);
  Captioner model(rng);
  const Captioner before = clone(model);
  const Tensor x = rng.uniform({5, 3}, -1, 1);
  train(model, x, 3, 3);
  CHECK(model.encoder.weight.to_vector() == before.encoder.weight.to_vector());
  CHECK(model.decoder.weight.to_vector() != before.decoder.weight.to_vector());
  train(model, x, 3, 1);
  CHECK(model.encoder.weight.to_vector() != before.encoder.weight.to_vector());

  const Parameters parameters(model);
  Average average(parameters, 0.9);
  const Captioner start = clone(model);
  train(model, x, 1, 0);
  average.update();
  const Captioner mean = averaged(model, average);
  const double decay = 2.0 / 11;  // of the first step (average.h)
  CHECK(mean.decoder.bias.at({0}) ==
        Approx(decay * start.decoder.bias.at({0}) + (1 - decay) * model.decoder.bias.at({0})).epsilon(1e-5));
  const std::vector<double> kept = mean.decoder.bias.to_vector();
  train(model, x, 3, 0);
  CHECK(mean.decoder.bias.to_vector() == kept);
}

TEST_CASE("docs/derivatives.md: hooks", "[documents]") {
  Rng rng(2);
  RnnCell cell(3, 4, rng);
  const Parameters parameters(cell);
  const Tensor x = rng.uniform({6, 2, 3}, -1, 1);
  const auto run = [&](Tape& tape, bool clipped) {
    std::vector<Tensor> states;
    State state{Tensor::zeros({2, 4}), {}};
    for (int64_t t = 0; t < 6; ++t) {
      state = cell.step(cell.project(x[t]), state);
      if (clipped) clip_on_the_way(tape, state.h, 1e-3);
      states.push_back(state.h);
    }
    return norms_by_step(tape, sum(state.h), states, parameters);
  };
  Tape plain;
  const std::vector<double> norms = run(plain, false);
  CHECK(norms[5] == Approx(std::sqrt(8.0)));
  CHECK(norms[0] < norms[5]);
  Tape tape;
  for (const double n : run(tape, true)) CHECK(n < 1.01e-3);
}

TEST_CASE("docs/derivatives.md: a picture of a tape", "[documents]") {
  // clang-format off
Tensor x = Tensor::scalar(2, DType::f64);
x.set_label("x");
Tape tape({.watch = true});
const Tensor y = x * sin(x) + x;
const std::string table = print(tape, y);
  // clang-format on
  CHECK(table ==
        "#0  sin  f64 []  from x      = 0.9093  d 2\n"
        "#1  mul  f64 []  from x, #0  = 1.819   d 1\n"
        "#2  add  f64 []  from #1, x  = 3.819   d 1\n");
}
