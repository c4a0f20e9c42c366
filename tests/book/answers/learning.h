// Your answers to chapter 6. Take the slashes away from a function and write what it does: it takes the place
// of the solution.
#pragma once

#include <cmath>
#include <vector>

#include "tests/book/solutions/learning.h"

namespace heed::book::learning {

struct mine : right {
  // 6.1: the rate above which p -= rate g runs away, for the loss mean (slope x + intercept - y)^2.
  // static double largest_rate(const std::vector<double>& x) {}
  // 6.2: a step with momentum; `velocity` is kept from step to step.
  // static double momentum(double p, double g, double& velocity, double rate, double keep) {}
};

}  // namespace heed::book::learning
