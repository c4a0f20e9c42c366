// First steps, 1: a derivative.
//
// Take  y = sin(x^2). On paper we name the step in between,
//
//     u = x x          y = sin u
//
// and the chain rule walks back through the steps, from the last to the first:
//
//     dy/du = cos u    dy/dx = dy/du * 2x
//
// A tape does just this. While it is alive it writes down each operation; gradients() then reads it backwards
// and applies to each operation the rule of that one operation. Nobody has to see the whole formula.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>

#include "autograd/base/rng.h"
#include "autograd/check/print.h"
#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"
#include "examples/first_steps/seed.h"

using namespace heed;

namespace {

Tensor f(const Tensor& x) { return sin(x * x); }

struct Derivatives {
  double first, second;
};

Derivatives by_hand(double x) {
  const double u = x * x;
  const double by_u = std::cos(u);  // the last step first
  const double by_x = by_u * 2 * x;
  return {by_x, 2 * std::cos(u) - 4 * u * std::sin(u)};  // the second: the product rule on cos(x^2) 2x
}

// A gradient is computed by operations like any other value. So a second tape around the first writes down
// the first one's backward pass as well, and can be asked for the gradient of the gradient.
Derivatives by_tape(const Tensor& x) {
  Tape outer;
  Tensor slope;
  {
    Tape inner;
    slope = inner.gradients(f(x), {x})[0];
  }
  const Tensor curvature = outer.gradients(slope, {x})[0];
  return {slope.item(), curvature.item()};
}

// Each operation with its value, and behind d the gradient of y by it.
void show_tape(Tensor x) {
  x.set_label("x");
  Tape tape({.watch = true});
  const Tensor y = f(x);
  fmt::print("What the tape wrote down for y = sin(x x) at x = {}:\n\n{}\n", x.item(), print(tape, y));
}

}  // namespace

int main(int argc, char** argv) try {
  Rng rng(seed_from(argc, argv));
  show_tape(Tensor::scalar(1.5, DType::f64));
  fmt::print("{:>8}   {:^29}   {:>23}\n", "", "first derivative", "second derivative");
  fmt::print("{:>8} | {:>13}  {:>13}  | {:>13}  {:>13}\n", "x", "by hand", "by tape", "by hand", "by tape");
  double apart = 0;
  for (int i = 0; i < 8; ++i) {
    const double x = rng.uniform() * 4 - 2;
    const Derivatives hand = by_hand(x), tape = by_tape(Tensor::scalar(x, DType::f64));
    fmt::print("{:8.4f} | {:13.9f}  {:13.9f}  | {:13.9f}  {:13.9f}\n", x, hand.first, tape.first, hand.second,
               tape.second);
    apart = std::max({apart, std::abs(hand.first - tape.first), std::abs(hand.second - tape.second)});
  }
  fmt::print("\nlargest difference: {:.0e}. Not small by luck: a tape applies the exact rules, and only rounds.\n",
             apart);
  return apart < 1e-12 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
