// First steps, 2: a tape in 60 lines, and the order of the way back.
//
// Nothing of heed is used here. Each operation on Numbers writes one Step onto a tape: its value, the
// steps that it was computed from, and the slope by each of these. The way back goes over the tape from
// the last step to the first and hands each step's gradient on, times the slope. A step is reached only
// after all that used it, so its gradient is complete when it is handed on. The recursion below it looks
// as good, and is wrong.
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace {

struct Edge {
  size_t from;   // the number of a step
  double slope;  // of this step by that one
};
struct Step {
  std::string name;
  double value;
  std::vector<Edge> edges;
};
using Tape = std::vector<Step>;

// A value that is on a tape.
struct Number {
  Tape* tape;
  size_t at;
  double value() const { return (*tape)[at].value; }
};

Number write(Tape& tape, const char* name, double value, std::vector<Edge> edges = {}) {
  tape.push_back({name, value, std::move(edges)});
  return {&tape, tape.size() - 1};
}
Number operator+(Number a, Number b) { return write(*a.tape, "add", a.value() + b.value(), {{a.at, 1}, {b.at, 1}}); }
Number operator*(Number a, Number b) {
  return write(*a.tape, "mul", a.value() * b.value(), {{a.at, b.value()}, {b.at, a.value()}});
}
Number sin(Number a) { return write(*a.tape, "sin", std::sin(a.value()), {{a.at, std::cos(a.value())}}); }

// The gradient of y by every step, in the order of the tape, from its end.
std::vector<double> backward(Number y, bool show = false) {
  const Tape& tape = *y.tape;
  std::vector<double> gradient(tape.size(), 0.0);
  gradient[y.at] = 1;
  for (size_t i = tape.size(); i-- > 0;) {
    for (const Edge& edge : tape[i].edges) gradient[edge.from] += gradient[i] * edge.slope;
    if (!show || tape[i].edges.empty()) continue;
    std::printf("after #%zu %s:", i, tape[i].name.c_str());
    for (size_t k = 0; k < tape.size(); ++k) std::printf("  #%zu %7.4f", k, gradient[k]);
    std::printf("\n");
  }
  return gradient;
}

// Wrong: each step adds to those before it, and then these do the same. One that was used twice comes twice.
void recursion(const Tape& tape, size_t i, std::vector<double>& gradient) {
  for (const Edge& edge : tape[i].edges) gradient[edge.from] += gradient[i] * edge.slope;
  for (const Edge& edge : tape[i].edges) recursion(tape, edge.from, gradient);
}

// How many ways lead from step i back to the first: what a right recursion would have to walk.
double paths(const Tape& tape, size_t i) {
  double count = i == 0 ? 1 : 0;
  for (const Edge& edge : tape[i].edges) count += paths(tape, edge.from);
  return count;
}

}  // namespace

int main() {
  Tape first;
  const Number x = write(first, "x", 2);
  const Number y = x * sin(x) + x;
  std::printf("y = x sin x + x at x = 2\n");
  for (size_t i = 0; i < first.size(); ++i) {
    std::printf("#%zu %-3s = %6.4f", i, first[i].name.c_str(), first[i].value);
    for (const Edge& edge : first[i].edges) std::printf("   slope by #%zu %7.4f", edge.from, edge.slope);
    std::printf("\n");
  }
  const double slope = backward(y, true)[x.at], paper = std::sin(2) + 2 * std::cos(2) + 1;
  std::printf("dy/dx by the tape %.6f, on paper sin x + x cos x + 1 = %.6f\n\n", slope, paper);

  Tape second;
  const Number a = write(second, "a", 3), b = a + a, c = b + b;
  std::vector<double> wrong(second.size(), 0.0);
  wrong[c.at] = 1;
  recursion(second, c.at, wrong);
  const double right = backward(c)[a.at];
  std::printf("b = a + a, c = b + b: dc/da by recursion %g, by the tape %g\n", wrong[a.at], right);
  Number sum = c;
  while (second.size() < 21) sum = sum + sum;
  std::printf("20 such steps: %.0f paths, %zu edges\n", paths(second, sum.at), 2 * (second.size() - 1));
  return right == 4 && wrong[a.at] == 8 && std::abs(slope - paper) < 1e-12 ? 0 : 1;
}
