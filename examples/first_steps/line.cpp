// First steps, 6a: learning.
//
// Some points lie near a line, y = 2x - 1, moved up and down by noise. A model y = slope x + intercept
// starts with both numbers at 0. Its loss says in one number how wrong it is: the mean square of what is
// left over. The gradient of the loss says how it changes when slope and intercept change a little, and so
// which way is down. A step that way is p -= rate g (see by_hand()); an optimizer chooses the step with
// more care. Everything larger than this program, a translator too, learns by the same four lines (see
// fit()).
#include <cmath>
#include <cstdio>
#include <exception>

#include "autograd/base/rng.h"
#include "autograd/ops/reduce.h"
#include "autograd/zip/elementwise.h"
#include "examples/first_steps/seed.h"
#include "nn/losses/losses.h"
#include "optim/gradient_descent.h"

using namespace heed;

namespace {

struct Points {
  Tensor x, y;  // [N]
};

Points noisy_points(int64_t count, Rng& rng) {
  const Tensor x = rng.uniform({count}, -1, 1);
  return {x, 2 * x - 1 + rng.normal({count}, 0, 0.3)};
}

// A model is a struct with its numbers, and a list of them that optimizers and files can read.
struct Line {
  Tensor slope = Tensor::scalar(0), intercept = Tensor::scalar(0);

  Tensor operator()(const Tensor& x) const { return slope * x + intercept; }
  void parts(auto& visit) {
    visit("slope", slope);
    visit("intercept", intercept);
  }
};

// With nothing but the gradient: against it, by `rate` times its length. The loss after so many steps.
double by_hand(const Points& points, double rate, int steps) {
  Line line;
  for (int step = 0; step < steps; ++step) {
    Tape tape;
    const Gradients g = tape.gradients(mse(line(points.x), points.y), {line.slope, line.intercept});
    line = {line.slope - rate * g[0], line.intercept - rate * g[1]};
  }
  return mse(line(points.x), points.y).item();
}

void fit(Line& line, const Points& points) {
  Parameters parameters(line);
  Adam adam(parameters, 0.05);
  fmt::print("{:>5}  {:>9}  line\n", "step", "loss");
  for (int step = 0; step <= 300; ++step) {
    Tape tape;                                          // from here on operations are written down
    const Tensor loss = mse(line(points.x), points.y);  // how wrong?
    const Gradients gradients = tape.gradients(loss, parameters);
    if (step % 50 == 0)
      fmt::print("{:5}  {:9.6f}  y = {:.4f} x {:+.4f}\n", step, loss.item(), line.slope.item(),
                 line.intercept.item());
    adam.step(gradients);  // a small step downwards
  }                        // the tape ends, and all it wrote down is gone
}

// For a line the best answer is also known in closed form: slope = cov(x, y) / var(x), through the means.
std::pair<double, double> least_squares(const Points& points) {
  const auto average = [](const Tensor& x) { return mean(to(x, DType::f64)).item(); };
  const double x = average(points.x), y = average(points.y);
  const double slope = (average(points.x * points.y) - x * y) / (average(points.x * points.x) - x * x);
  return {slope, y - slope * x};
}

}  // namespace

int main(int argc, char** argv) try {
  Rng rng(seed_from(argc, argv));
  const Points points = noisy_points(100, rng);
  fmt::print("100 points near y = 2 x - 1, with noise of deviation 0.3\n\np -= rate g: the loss by step\n");
  fmt::print("{:>5} {:>10} {:>10} {:>10}\n", "", "rate 0.1", "rate 0.5", "rate 1.1");
  for (const int n : {0, 1, 2, 5, 10, 20, 50})
    fmt::print("{:5} {:10.4g} {:10.4g} {:10.4g}\n", n, by_hand(points, 0.1, n), by_hand(points, 0.5, n),
               by_hand(points, 1.1, n));
  fmt::print("\nthe same by Adam\n");
  Line line;
  fit(line, points);

  const auto [slope, intercept] = least_squares(points);
  fmt::print("\nthe best line, computed:  y = {:.4f} x {:+.4f}\n", slope, intercept);
  fmt::print("It is not y = 2 x - 1: that line is hidden by the noise, and 100 points tell only so much.\n");
  return std::abs(slope - line.slope.item()) + std::abs(intercept - line.intercept.item()) < 0.01 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
