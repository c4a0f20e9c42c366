// Chapter 7.
#pragma once

#include <cmath>

#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/recurrent/cell.h"

namespace heed::book::remember {

struct right {
  // 7.1: one step of an LSTM. a [B, 4H] holds the sums W_ih x + W_hh h + b, one behind the other: i, f, g, o.
  static State step(const Tensor& a, const Tensor& memory) {
    const int64_t units = memory.size(1);
    const auto part = [&](int64_t gate) { return narrow(a, 1, gate * units, units); };
    const Tensor c = sigmoid(part(1)) * memory + sigmoid(part(0)) * tanh(part(2));
    return {sigmoid(part(3)) * tanh(c), c};
  }
  // 7.2: the bias with which the forget gate keeps this share of the memory over so many steps.
  static double forget_bias(double share, int steps) {
    const double f = std::pow(share, 1.0 / steps);
    return std::log(f / (1 - f));
  }
};

struct wrong {
  // The output shows the memory from before this step.
  static State step(const Tensor& a, const Tensor& memory) {
    const int64_t units = memory.size(1);
    const auto part = [&](int64_t gate) { return narrow(a, 1, gate * units, units); };
    const Tensor c = sigmoid(part(1)) * memory + sigmoid(part(0)) * tanh(part(2));
    return {sigmoid(part(3)) * tanh(memory), c};
  }
  // That is the share of one step.
  static double forget_bias(double share, int) { return std::log(share / (1 - share)); }
};

}  // namespace heed::book::remember
