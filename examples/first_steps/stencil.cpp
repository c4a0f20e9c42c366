// First steps, 4: how do we know that it is right?
//
// A slope can be measured: move the input by h to both sides and see how far the output goes.
//
//     two points     (f(x + h) - f(x - h)) / 2h                                      error ~ h^2
//     five points    (f(x - 2h) - 8 f(x - h) + 8 f(x + h) - f(x + 2h)) / 12h         error ~ h^4
//
// A smaller step is better until rounding takes over. Then a fault is planted in the derivative of an
// operation, wrong by 1 in 100000, and three checks look for it.
#include <cmath>
#include <cstdio>
#include <exception>

#include "autograd/check/gradcheck.h"
#include "autograd/functional/derivatives.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/record.h"
#include "autograd/zip/elementwise.h"

using namespace heed;

namespace {

double f(double x) { return std::exp(std::sin(x)); }
double slope_of_f(double x) { return std::cos(x) * std::exp(std::sin(x)); }

double two_points(double x, double h) { return (f(x + h) - f(x - h)) / (2 * h); }
double five_points(double x, double h) {
  return (f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h);
}

void show_errors(double x) {
  std::printf("f = exp(sin x) at x = 1: by how much the measured slope is wrong\n");
  std::printf("%12s %12s %12s\n", "step h", "two points", "five points");
  for (int k = 1; k <= 40; k += 3) {
    const double h = std::ldexp(1, -k);
    std::printf("%12.1e %12.0e %12.0e\n", h, std::abs(two_points(x, h) - slope_of_f(x)),
                std::abs(five_points(x, h) - slope_of_f(x)));
  }
}

// The cube, whose pullback is 3 x^2 dy, times what a slip of the pen adds.
Tensor cube(const Tensor& x, double slip) {
  const auto value = [&] {
    const Untaped guard;
    return x * x * x;
  };
  return record("cube", {x}, value(), [x, slip](const Tensor& dy) { return (3 * slip) * x * x * dy; });
}

// The usual check: single precision, two points, an error of 1 % is forgiven.
bool usual_check(double slip) {
  const auto at = [&](double number) { return sum(cube(Tensor::scalar(number), slip)).item(); };
  const Tensor x = Tensor::scalar(1.5);
  Tape tape;
  const double got = tape.gradients(cube(x, slip), {x})[0].item();
  const double measured = (at(1.501) - at(1.499)) / 0.002;
  return std::abs(got - measured) < 0.01 * std::abs(measured);
}

bool heeds_check(double slip) {
  const auto function = [slip](const std::vector<Tensor>& x) { return cube(x[0], slip); };
  return gradcheck("cube", function, {Tensor::from(std::vector<double>{1.5, -0.5, 2})}).passed();
}

// <u, J v> = <J^T u, v>: all slopes at once. J v is measured along v, J^T u is what the pullback says.
bool dot_product_check(double slip) {
  const auto function = [slip](const std::vector<Tensor>& x) { return cube(x[0], slip); };
  const Tensor x = Tensor::from(std::vector<double>{1.5, -0.5, 2});
  const Tensor v = Tensor::from(std::vector<double>{0.3, -1, 0.7});
  const Tensor u = Tensor::from(std::vector<double>{1, 2, -1});
  const auto along = [&](double t) { return sum(u * cube(x + t * v, slip)).item(); };
  const double h = 1.0 / 1024;
  const double measured = (along(-2 * h) - 8 * along(-h) + 8 * along(h) - along(2 * h)) / (12 * h);
  const double got = sum(vjp(function, {x}, {u}).products[0] * v).item();
  return std::abs(got - measured) < 1e-7 * std::abs(measured);
}

}  // namespace

int main() try {
  show_errors(1);
  bool found = true;
  std::printf("\n%-28s %14s %14s %14s\n", "the cube's derivative is", "usual check", "heed's", "dot product");
  for (const double slip : {1.0, 1.00001, 1.1}) {
    const auto verdict = [](bool passed) { return passed ? "passes" : "FAILS"; };
    const bool usual = usual_check(slip), heeds = heeds_check(slip), dot = dot_product_check(slip);
    std::printf("3 x^2 times %-16g %14s %14s %14s\n", slip, verdict(usual), verdict(heeds), verdict(dot));
    found &= heeds == (slip == 1) && dot == heeds && usual == (slip < 1.01);
  }
  return found ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
