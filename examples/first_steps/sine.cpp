// First steps, 6b: a curve from examples.
//
// A line cannot follow a sine. A layer of 16 units tanh(w x + b), added up with weights, can: each unit
// bends the curve at a place of its own. Nobody writes the derivative by its 49 numbers down; the tape has
// it, and the loop is the one that fitted the line.
#include <cmath>
#include <cstdio>
#include <exception>

#include "autograd/base/rng.h"
#include "autograd/zip/elementwise.h"
#include "examples/first_steps/seed.h"
#include "nn/layers/linear.h"
#include "nn/losses/losses.h"
#include "optim/gradient_descent.h"

using namespace heed;

namespace {

struct Model {
  Linear hidden, output;

  explicit Model(Rng& rng) : hidden(1, 16, rng), output(16, 1, rng) {}
  Tensor operator()(const Tensor& x) const { return output(tanh(hidden(x))); }  // [N, 1] -> [N, 1]
  void parts(auto& visit) {
    visit("hidden", hidden);
    visit("output", output);
  }
};

// `count` places from -end to end, [count, 1].
Tensor places(int64_t count, double end) {
  std::vector<double> x(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i)
    x[static_cast<size_t>(i)] = end * (2 * static_cast<double>(i) / static_cast<double>(count - 1) - 1);
  return Tensor::from(x, {count, 1});
}

}  // namespace

int main(int argc, char** argv) try {
  Rng rng(seed_from(argc, argv));
  Model model(rng);
  convert(model, DType::f64);
  Parameters parameters(model);
  Adam adam(parameters, 0.02);
  const Tensor x = places(50, M_PI), y = sin(x), seen = places(13, 6);
  std::printf("%lld numbers to be learnt from 50 points between -pi and pi\n",
              static_cast<long long>(parameters.count()));
  std::vector<std::vector<double>> curves;
  double loss_at_the_end = 0;
  for (int step = 0; step <= 1000; ++step) {
    if (step == 0 || step == 30 || step == 1000) curves.push_back(model(seen).to_vector());
    Tape tape;
    const Tensor loss = mse(model(x), y);
    adam.step(tape.gradients(loss, parameters));
    loss_at_the_end = loss.item();
    if (step % 200 == 0) std::printf("step %4d   loss %.6f\n", step, loss_at_the_end);
  }
  std::printf("\n%6s %9s %9s %9s %9s\n", "x", "sin x", "step 0", "step 30", "step 1000");
  const std::vector<double> at = seen.to_vector();
  for (size_t i = 0; i < at.size(); ++i)
    std::printf("%6.2f %9.3f %9.3f %9.3f %9.3f%s\n", at[i], std::sin(at[i]), curves[0][i], curves[1][i], curves[2][i],
                std::abs(at[i]) > M_PI ? "   no example here" : "");
  return loss_at_the_end < 0.001 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
