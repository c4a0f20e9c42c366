// First steps, 5: one line, three compilations.
//
// A dual number is a value together with its slope: how fast it changes as some input does. Each operation
// carries both along, so a function that is computed with duals comes out with its derivative. The gate
// below is one generic line. The compiler makes of it a function of plain numbers, one of duals, and one
// of duals of duals, which carries the second derivative too. heed's zip() does the same with such a line
// (autograd/zip/zip.h).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>

#include "autograd/tape/tape.h"
#include "autograd/zip/zip.h"

namespace {

template <class V>
struct Dual {
  V value, slope;
};
template <class V>
Dual<V> operator-(double c, const Dual<V>& b) {
  return {c - b.value, 0 - b.slope};
}
template <class V>
Dual<V> operator+(const Dual<V>& a, const Dual<V>& b) {
  return {a.value + b.value, a.slope + b.slope};
}
template <class V>
Dual<V> operator*(const Dual<V>& a, const Dual<V>& b) {  // the product rule
  return {a.value * b.value, a.slope * b.value + a.value * b.slope};
}
double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
template <class V>
Dual<V> sigmoid(const Dual<V>& a) {  // the chain rule, with sigmoid' = sigmoid (1 - sigmoid)
  const V s = sigmoid(a.value);
  return {s, s * (1 - s) * a.slope};
}

// The one line: how much of h passes, for a from no (far below 0) to yes (far above).
constexpr auto gate = [](auto a, auto h) { return sigmoid(a) * h; };

struct Slopes {
  double by_a, by_h, by_a_twice, by_a_and_h;
};

Slopes by_duals(double a, double h) {
  using Once = Dual<double>;
  using Twice = Dual<Once>;
  const Twice by_a_twice = gate(Twice{{a, 1}, {1, 0}}, Twice{{h, 0}, {0, 0}});
  const Twice by_both = gate(Twice{{a, 1}, {0, 0}}, Twice{{h, 0}, {1, 0}});
  return {gate(Once{a, 1}, Once{h, 0}).slope, gate(Once{a, 0}, Once{h, 1}).slope, by_a_twice.slope.slope,
          by_both.slope.slope};
}

// The same line, given to zip: the tape compiles the duals itself, and a tape around it the duals of duals.
Slopes by_tape(double a_value, double h_value) {
  const heed::Tensor a = heed::Tensor::scalar(a_value, heed::DType::f64);
  const heed::Tensor h = heed::Tensor::scalar(h_value, heed::DType::f64);
  heed::Tape outer;
  std::vector<heed::Tensor> once;
  {
    heed::Tape inner;
    const heed::Gradients gradients = inner.gradients(heed::zip(gate, a, h), {a, h});
    once = {gradients[0], gradients[1]};
  }
  const heed::Gradients twice = outer.gradients(once[0], {a, h});
  return {once[0].item(), once[1].item(), twice[0].item(), twice[1].item()};
}

}  // namespace

int main() try {
  const double a = 1, h = 2, s = sigmoid(a);
  const Dual<double> x{a, 1}, passed = sigmoid(x), y = gate(x, Dual<double>{h, 0});
  std::printf("gate(a, h) = sigmoid(a) h at a = 1, h = 2: (value, slope by a)\n");
  std::printf("  a               (%.4f, %.4f)\n", x.value, x.slope);
  std::printf("  h               (%.4f, %.4f)\n", h, 0.0);
  std::printf("  sigmoid(a)      (%.4f, %.4f)\n", passed.value, passed.slope);
  std::printf("  sigmoid(a) h    (%.4f, %.4f)\n\n", y.value, y.slope);

  const Slopes paper{s * (1 - s) * h, s, s * (1 - s) * (1 - 2 * s) * h, s * (1 - s)};
  const Slopes dual = by_duals(a, h), tape = by_tape(a, h);
  double apart = 0;
  std::printf("%-12s %10s %10s %10s\n", "derivative", "on paper", "duals", "zip");
  const auto row = [&](const char* name, double Slopes::*which) {
    std::printf("%-12s %10.6f %10.6f %10.6f\n", name, paper.*which, dual.*which, tape.*which);
    apart = std::max({apart, std::abs(dual.*which - paper.*which), std::abs(tape.*which - paper.*which)});
  };
  row("by a", &Slopes::by_a);
  row("by h", &Slopes::by_h);
  row("by a, a", &Slopes::by_a_twice);
  row("by a, h", &Slopes::by_a_and_h);
  return apart < 1e-14 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
