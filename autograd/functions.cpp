// Functions of one number; the others are in elementwise.cpp.
#include <cmath>

#include "autograd/elementwise.h"
#include "autograd/zip.h"

namespace heed {

Tensor neg(const Tensor& x) {
  return zip("neg", [](auto v) { return -v; }, x);
}
Tensor exp(const Tensor& x) {
  return zip_by_value("exp", [](auto v) { return exp(v); }, [](auto y) { return y; }, x);
}
Tensor log(const Tensor& x) {
  return zip("log", [](auto v) { return log(v); }, x);
}
Tensor sqrt(const Tensor& x) {
  return zip("sqrt", [](auto v) { return sqrt(v); }, x);
}
Tensor tanh(const Tensor& x) {
  return zip_by_value("tanh", [](auto v) { return tanh(v); }, [](auto y) { return 1 - y * y; }, x);
}
Tensor sigmoid(const Tensor& x) {
  return zip_by_value("sigmoid", [](auto v) { return sigmoid(v); }, [](auto y) { return y * (1 - y); }, x);
}
Tensor abs(const Tensor& x) {
  return zip("abs", [](auto v) { return abs(v); }, x);
}
Tensor square(const Tensor& x) {
  return zip("square", [](auto v) { return v * v; }, x);
}
Tensor reciprocal(const Tensor& x) {
  return zip("reciprocal", [](auto v) { return 1 / v; }, x);
}
Tensor relu(const Tensor& x) {
  return zip("relu", [](auto v) { return where(v > 0, v, 0); }, x);
}
Tensor leaky_relu(const Tensor& x, double slope) {
  return zip("leaky_relu", [slope](auto v) { return where(v > 0, v, slope * v); }, x);
}
// max(x, 0) + log(1 + e^-|x|): the exponential never overflows.
Tensor softplus(const Tensor& x, double beta) {
  return zip(
      "softplus",
      [beta](auto v) {
        const auto t = beta * v;
        return where(t > 0, t + log1p(exp(-t)), log1p(exp(t))) / beta;
      },
      x);
}
Tensor gelu(const Tensor& x) {
  return zip("gelu", [](auto v) { return 0.5 * v * (1 + erf(v * M_SQRT1_2)); }, x);
}
Tensor gelu_tanh(const Tensor& x) {
  return zip(
      "gelu_tanh",
      [](auto v) { return 0.5 * v * (1 + tanh(0.79788456080286535588 * (v + 0.044715 * v * v * v))); }, x);
}
Tensor sin(const Tensor& x) {
  return zip("sin", [](auto v) { return sin(v); }, x);
}
Tensor cos(const Tensor& x) {
  return zip("cos", [](auto v) { return cos(v); }, x);
}
Tensor clamp(const Tensor& x, double low, double high) {
  return zip("clamp", [low, high](auto v) { return where(v < low, low, where(v > high, high, v)); }, x);
}

}  // namespace heed
