// Your answers to chapter 7. Take the slashes away from a function and write what it does: it takes the place
// of the solution. State is that of nn/recurrent/cell.h.
#pragma once

#include <cmath>

#include "autograd/autograd.h"
#include "nn/recurrent/cell.h"
#include "tests/book/solutions/remember.h"

namespace heed::book::remember {

struct mine : right {
  // 7.1: one step of an LSTM. a [B, 4H] holds the sums W_ih x + W_hh h + b, one behind the other: i, f, g, o.
  // memory [B, H] is c_(t-1). A State is {h, c}.
  // static State step(const Tensor& a, const Tensor& memory) {}
  // 7.2: the bias with which the forget gate keeps this share of the memory over so many steps.
  // static double forget_bias(double share, int steps) {}
};

}  // namespace heed::book::remember
