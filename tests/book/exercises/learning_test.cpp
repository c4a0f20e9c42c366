// Exercises of chapter 6.
#include "tests/book/answers/learning.h"
#include "autograd/ops/reduce.h"
#include "autograd/zip/elementwise.h"
#include "optim/gradient_descent.h"
#include "tests/book/exercise.h"

namespace heed::book {
namespace {

// The loss after 500 steps of p -= rate g; the points lie on y = 0, so nothing but the start is wrong.
double loss_after(const std::vector<double>& points, double rate) {
  const Tensor x = Tensor::from(points);
  Tensor slope = Tensor::scalar(1, DType::f64), intercept = Tensor::scalar(0.5, DType::f64);
  const auto loss = [&] { return mean(square(slope * x + intercept)); };
  for (int step = 0; step < 500; ++step) {
    Tape tape;
    const Gradients g = tape.gradients(loss(), {slope, intercept});
    slope = detach(slope - rate * g[0]);
    intercept = detach(intercept - rate * g[1]);
  }
  return loss().item();
}

struct One {
  Tensor p = Tensor::scalar(3, DType::f64);
  void parts(auto& visit) { visit("p", p); }
};

}  // namespace

TEST_CASE("exercise 6.1: a rate too large", "[book]") {
  const auto check = [](auto answer) {
    bool right = true;
    const std::vector<std::vector<double>> places = {{-1, -0.5, 0, 0.5, 1}, {1, 2, 3}, {0.1, 0.2, -0.4}};
    for (const std::vector<double>& x : places) {
      const double rate = answer.largest_rate(x), start = loss_after(x, 0);
      right &= loss_after(x, 0.97 * rate) < start && loss_after(x, 1.03 * rate) > start;
    }
    return right;
  };
  exercise(HEED_ANSWER(learning, largest_rate), check);
}

TEST_CASE("exercise 6.2: a step with momentum", "[book]") {
  const auto check = [](auto answer) {
    One model;
    Parameters parameters(model);
    Sgd sgd(parameters, 0.1, {.momentum = 0.9});
    double p = 3, velocity = 0;
    bool same = true;
    for (int step = 0; step < 5; ++step) {
      Tape tape;
      const Gradients gradients = tape.gradients(square(model.p), parameters);
      p = answer.momentum(p, 2 * p, velocity, 0.1, 0.9);
      sgd.step(gradients);
      same &= near(p, model.p.item());
    }
    return same;
  };
  exercise(HEED_ANSWER(learning, momentum), check);
}

}  // namespace heed::book
