// First steps, 2: learning.
//
// Some points lie near a line, y = 2x - 1, moved up and down by noise. A model y = slope x + intercept starts
// with both numbers at 0. Its loss says in one number how wrong it is: the mean square of what is left over.
// The gradient of the loss says how it changes when slope and intercept change a little, and so which way is
// down. An optimizer goes a small step that way. Everything larger than this program, a translator too,
// learns by the same four lines (see fit()).
#include <cmath>
#include <cstdio>
#include <exception>

#include "autograd/base/rng.h"
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

// For a line the best answer is also known in closed form: slope = cov(x, y) / var(x), the
// line through the means.
std::pair<double, double> least_squares(const Points& points) {
  const std::vector<double> x = points.x.to_vector(), y = points.y.to_vector();
  const double n = static_cast<double>(x.size());
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    sx += x[i];
    sy += y[i];
    sxx += x[i] * x[i];
    sxy += x[i] * y[i];
  }
  const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  return {slope, (sy - slope * sx) / n};
}

}  // namespace

int main(int argc, char** argv) try {
  Rng rng(seed_from(argc, argv));
  const Points points = noisy_points(100, rng);
  fmt::print("100 points near y = 2 x - 1, with noise of deviation 0.3\n\n");
  Line line;
  fit(line, points);

  const auto [slope, intercept] = least_squares(points);
  fmt::print("\nthe best line, computed:  y = {:.4f} x {:+.4f}\n", slope, intercept);
  fmt::print("It is not y = 2 x - 1: that line is hidden by the noise, and 100 points tell only so much.\n");
  const bool close =
      std::abs(slope - line.slope.item()) < 0.01 && std::abs(intercept - line.intercept.item()) < 0.01;
  return close ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
