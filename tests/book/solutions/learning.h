// Chapter 6.
#pragma once

#include <cmath>
#include <vector>

namespace heed::book::learning {

struct right {
  // 6.1: the rate above which p -= rate g runs away, for the loss mean (slope x + intercept - y)^2.
  static double largest_rate(const std::vector<double>& x) {
    double m = 0, s = 0;  // the means of x and of x^2
    for (const double number : x) {
      m += number / static_cast<double>(x.size());
      s += number * number / static_cast<double>(x.size());
    }
    // The Hessian is 2 [s m; m 1]; its larger eigenvalue is the steepest curvature.
    const double steepest = 2 * ((s + 1) / 2 + std::sqrt((s - 1) * (s - 1) / 4 + m * m));
    return 2 / steepest;
  }
  // 6.2: a step with momentum; `velocity` is kept from step to step.
  static double momentum(double p, double g, double& velocity, double rate, double keep) {
    velocity = keep * velocity + g;
    return p - rate * velocity;
  }
};

struct wrong {
  // Only the curvature along the slope is looked at.
  static double largest_rate(const std::vector<double>& x) {
    double s = 0;
    for (const double number : x) s += number * number / static_cast<double>(x.size());
    return 1 / s;
  }
  // The velocity is not kept: the name alone makes no momentum.
  static double momentum(double p, double g, double& velocity, double rate, double keep) {
    const double moved = keep * velocity + g;
    return p - rate * moved;
  }
};

}  // namespace heed::book::learning
