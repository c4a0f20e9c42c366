#include "autograd/zip/activations.h"

#include <cmath>

#include "autograd/zip/zip.h"

namespace heed {

Tensor relu(const Tensor& x) {
  return zip(
      "relu", [](auto v) { return where(v <= 0, 0, v); }, x);
}
Tensor leaky_relu(const Tensor& x, double slope) {
  return zip(
      "leaky_relu", [slope](auto v) { return where(v > 0, v, slope * v); }, x);
}
// As max(x, 0) + log(1 + e^-|x|): the exponential never overflows.
Tensor softplus(const Tensor& x, double beta) {
  if (std::isnan(beta) || beta == 0) throw Error("softplus: beta is {}, by which nothing can be divided", beta);
  const auto f = [beta](auto v) {
    const auto t = beta * v;
    return where(t > 0, t + log1p(exp(-t)), log1p(exp(t))) / beta;
  };
  return zip("softplus", f, x);
}
Tensor gelu(const Tensor& x) {
  return zip(
      "gelu", [](auto v) { return 0.5 * v * (1 + erf(v * M_SQRT1_2)); }, x);
}
Tensor gelu_tanh(const Tensor& x) {
  const auto f = [](auto v) {
    return 0.5 * v * (1 + tanh(0.79788456080286535588 * (v + 0.044715 * v * v * v)));  // sqrt(2 / pi)
  };
  return zip("gelu_tanh", f, x);
}

}  // namespace heed
