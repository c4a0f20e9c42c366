// Activations: functions of single numbers that stand between the layers of a network, each one lambda given
// to zip (zip.h). tanh and sigmoid are in elementwise.h.
//
// A new one is a function and a line of the table, both in this file.
#pragma once

#include <cmath>

#include "autograd/base/choice.h"
#include "autograd/zip/zip.h"

namespace heed {

inline Tensor relu(const Tensor& x) {  // gradient 0 at 0
  return zip(
      "relu", [](auto v) { return where(v <= 0, 0, v); }, x);
}
inline Tensor leaky_relu(const Tensor& x, double slope) {  // gradient `slope` at 0
  return zip(
      "leaky_relu", [slope](auto v) { return where(v > 0, v, slope * v); }, x);
}
// log(1 + e^(beta x)) / beta, as max(x, 0) + log(1 + e^-|x|): the exponential never overflows.
inline Tensor softplus(const Tensor& x, double beta = 1) {
  const auto f = [beta](auto v) {
    const auto t = beta * v;
    return where(t > 0, t + log1p(exp(-t)), log1p(exp(t))) / beta;
  };
  return zip("softplus", f, x);
}
inline Tensor gelu(const Tensor& x) {  // x Phi(x)
  return zip(
      "gelu", [](auto v) { return 0.5 * v * (1 + erf(v * M_SQRT1_2)); }, x);
}
inline Tensor gelu_tanh(const Tensor& x) {  // its approximation with tanh
  const auto f = [](auto v) {
    return 0.5 * v * (1 + tanh(0.79788456080286535588 * (v + 0.044715 * v * v * v)));  // sqrt(2 / pi)
  };
  return zip("gelu_tanh", f, x);
}

// All of them. A kink is at 0 or nowhere: the tests check every gradient on both sides of it.
using Activation = Choice<Tensor (*)(const Tensor&)>;
inline constexpr Activation activations[] = {
    {"relu", "max(x, 0)", relu},
    {"leaky-relu", "x, below 0 a fifth of it", [](const Tensor& x) { return leaky_relu(x, 0.2); }},
    {"softplus", "log(1 + e^x)", [](const Tensor& x) { return softplus(x); }},
    {"gelu", "x Phi(x)", gelu},
    {"gelu-tanh", "the same by tanh", gelu_tanh},
};

}  // namespace heed
