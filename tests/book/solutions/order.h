// Chapter 2, beside the types of examples/first_steps/order.cpp.
#pragma once

namespace book_order {

struct right {
  // 2.1: the gradient of y by every step.
  static std::vector<double> gradients(const Tape& tape, size_t y) {
    std::vector<double> gradient(tape.size(), 0.0);
    gradient[y] = 1;
    for (size_t i = tape.size(); i-- > 0;)
      for (const Edge& edge : tape[i].edges) gradient[edge.from] += gradient[i] * edge.slope;
    return gradient;
  }
  // 2.2: a / b.
  static Number quotient(Number a, Number b) {
    const double y = a.value() / b.value();
    return write(*a.tape, "div", y, {{a.at, 1 / b.value()}, {b.at, -y / b.value()}});
  }
};

struct wrong {
  // Without the +: a value that is used twice keeps the gradient of one use.
  static std::vector<double> gradients(const Tape& tape, size_t y) {
    std::vector<double> gradient(tape.size(), 0.0);
    gradient[y] = 1;
    for (size_t i = tape.size(); i-- > 0;)
      for (const Edge& edge : tape[i].edges) gradient[edge.from] = gradient[i] * edge.slope;
    return gradient;
  }
  // A larger divisor makes a smaller quotient: the sign is missing.
  static Number quotient(Number a, Number b) {
    const double y = a.value() / b.value();
    return write(*a.tape, "div", y, {{a.at, 1 / b.value()}, {b.at, y / b.value()}});
  }
};

struct from_the_end {
  // The gradient of the last step, whichever was asked for.
  static std::vector<double> gradients(const Tape& tape, size_t) { return right::gradients(tape, tape.size() - 1); }
};

}  // namespace book_order
