// A program outside heed: an operation, a layer and an optimizer of its own, trained and checked. run.sh
// builds it in each of the ways that a user may choose, with compiler flags other than the library's.
#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "autograd/autograd.h"
#include "nn/nn.h"
#include "optim/optim.h"

using namespace heed;

namespace {

int failures = 0;
void check(bool ok, const std::string& what) {
  fmt::print("{}: {}\n", ok ? "ok" : "FAILED", what);
  if (!ok) ++failures;
}

// log(1 + e^x), a lambda of ours over a function of heed's (log1p) that the library uses as well.
Tensor our_softplus(const Tensor& x) {
  const auto f = [](auto v) { return log1p(exp(v)); };
  return zip("our_softplus", f, x);
}

double largest_error(const Tensor& y, const Tensor& x) {
  const std::vector<double> got = y.to_vector(), at = x.to_vector();
  double worst = 0;
  for (size_t i = 0; i < got.size(); ++i) worst = std::max(worst, std::abs(got[i] - std::log1p(std::exp(at[i]))));
  return worst;
}

// Program and library may use registers of two widths. Each must keep to its own: this was wrong by 0.3 while
// the width was not part of the names (autograd/base/width.h).
void check_registers(DType dtype, double allowed) {
  Rng rng(1);
  const Tensor x = rng.uniform({1001}, -4, 4, dtype);
  const double ours = largest_error(our_softplus(x), x), heeds = largest_error(softplus(x), x);
  check(ours < allowed, fmt::format("softplus, the program's own: off by {:.1e}", ours));
  check(heeds < allowed, fmt::format("softplus, the library's: off by {:.1e}", heeds));
}

// A layer: y = swish(W x + b) (1 + s), with a gain s of its own.
struct GainedLayer {
  Linear inner;
  Tensor gain;  // [out]

  GainedLayer(int64_t in, int64_t out, Rng& rng) : inner(in, out, rng), gain(Tensor::zeros({out})) {}
  Tensor operator()(const Tensor& x) const {
    const auto f = [](auto v, auto s) { return v * sigmoid(v) * (1 + s); };
    return zip("gained", f, inner(x), gain);
  }
  void parts(auto& visit) {
    visit("inner", inner);
    visit("gain", gain);
  }
};

struct Model {
  GainedLayer hidden;
  Linear output;

  explicit Model(Rng& rng) : hidden(1, 32, rng), output(32, 1, rng) {}
  Tensor operator()(const Tensor& x) const { return output(hidden(x)); }
  void parts(auto& visit) {
    visit("hidden", hidden);
    visit("output", output);
  }
};

// An optimizer: Adam without its corrections for the first steps.
struct PlainAdam : Optimizer {
  explicit PlainAdam(const Parameters& parameters) : Optimizer(parameters, 0.01, {"mean", "square"}) {}
  void update() override {
    each([rate = learning_rate](auto& p, auto g, auto& mean, auto& square) {
      mean = 0.9 * mean + 0.1 * g;
      square = 0.99 * square + 0.01 * g * g;
      p = p - rate * mean / (sqrt(square) + 1e-8);
    });
  }
};

double learn_the_sine() {
  Rng rng(1);
  Model model(rng);
  Parameters parameters(model);
  PlainAdam optimizer(parameters);
  double last = 0;
  for (int step = 0; step < 500; ++step) {
    const Tensor x = rng.uniform({64, 1}, -3, 3);
    Tape tape;
    const Tensor loss = mse(model(x), sin(x));
    optimizer.step(tape.gradients(loss, parameters));
    last = loss.item();
  }
  return last;
}

void check_gradient() {
  Rng rng(1);
  const Tensor x = rng.normal({3, 5}, 0, 1, DType::f64);
  const auto f = [](const std::vector<Tensor>& in) { return our_softplus(in[0]); };
  const GradcheckReport report = gradcheck("our_softplus", f, {x}, {.second_order = true});
  check(report.passed(), report.text());
}

}  // namespace

int main() {
  fmt::print("the program's registers hold {} bytes, the library is compiled for {}\n", kVectorBytes,
             instruction_set());
  check_registers(DType::f32, 1e-6);
  check_registers(DType::f64, 1e-14);
  check_gradient();
  const double loss = learn_the_sine();
  check(loss < 0.005, fmt::format("a sine learned to a loss of {:.5f}", loss));
  return failures == 0 ? 0 : 1;
}
