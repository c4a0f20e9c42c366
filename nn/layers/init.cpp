#include "nn/layers/init.h"

#include <algorithm>
#include <cmath>

#include "autograd/kernels/blas.h"

namespace heed::init {
namespace {

double fan_of(const Shape& weight, Fan fan) {
  const Fans both = fans(weight);
  return static_cast<double>(fan == Fan::in ? both.in : both.out);
}
double fan_sum(const Shape& weight) {
  const Fans both = fans(weight);
  return static_cast<double>(both.in + both.out);
}

double dot(const double* a, const double* b, int64_t n) {
  double total = 0;
  for (int64_t i = 0; i < n; ++i) total += a[i] * b[i];
  return total;
}

// Gram and Schmidt: takes from each row its parts along the rows before it, and makes its length 1.
void orthonormalize(double* block, int64_t rows, int64_t n) {
  for (int64_t i = 0; i < rows; ++i) {
    double* row = block + i * n;
    for (int64_t k = 0; k < i; ++k) {
      const double* before = block + k * n;
      const double part = dot(row, before, n);
      for (int64_t j = 0; j < n; ++j) row[j] -= part * before[j];
    }
    const double length = std::sqrt(dot(row, row, n));
    for (int64_t j = 0; j < n; ++j) row[j] /= length;
  }
}

// Orthonormal rows from independent ones, rows <= n. Whole blocks are freed of their parts along all rows
// before them by two matrix products. Rounding leaves a little of those parts, which a second round removes:
// "twice is enough".
void orthonormalize_rows(Tensor& q) {
  constexpr int64_t block_rows = 32;
  const int64_t rows = q.size(0), n = q.size(1);
  for (int64_t start = 0; start < rows; start += block_rows) {
    const int64_t count = std::min(block_rows, rows - start);
    Tensor block = q.view({count, n}, {n, 1}, start * n);
    const Tensor before = q.view({start, n}, {n, 1});
    Tensor parts = Tensor::empty({count, start}, DType::f64);
    for (int round = 0; round < 2; ++round) {
      if (start > 0) {
        blas::multiply(parts, block, false, before, true);
        blas::multiply(block, parts, false, before, false, 1, -1);
      }
      orthonormalize(block.mutable_data<double>(), count, n);
    }
  }
}

}  // namespace

Fans fans(const Shape& weight) {
  if (weight.rank() < 2)
    throw Error("init: a weight of shape {} has no fans; wants [out, in, ..]", to_string(weight));
  int64_t taps = 1;
  for (int i = 2; i < weight.rank(); ++i) taps *= weight[i];
  return {weight[1] * taps, weight[0] * taps};
}

double gain(const std::string& nonlinearity, double slope) {
  if (nonlinearity == "linear" || nonlinearity == "sigmoid") return 1;
  if (nonlinearity == "tanh") return 5.0 / 3;
  if (nonlinearity == "relu") return std::sqrt(2.0);
  if (nonlinearity == "leaky_relu") return std::sqrt(2 / (1 + slope * slope));
  throw Error("init::gain: '{}' is not known; known are linear, sigmoid, tanh, relu, leaky_relu", nonlinearity);
}

Tensor fan_in_uniform(const Shape& shape, int64_t fan, Rng& rng) {
  const double bound = fan > 0 ? 1 / std::sqrt(static_cast<double>(fan)) : 0;
  return rng.uniform(shape, -bound, bound);
}
Tensor fan_in_uniform(const Shape& shape, Rng& rng) { return fan_in_uniform(shape, shape[shape.rank() - 1], rng); }

double xavier_uniform_bound(const Shape& weight, double gain) { return gain * std::sqrt(6 / fan_sum(weight)); }
double xavier_normal_sd(const Shape& weight, double gain) { return gain * std::sqrt(2 / fan_sum(weight)); }
double kaiming_uniform_bound(const Shape& weight, Fan fan) { return std::sqrt(6 / fan_of(weight, fan)); }
double kaiming_normal_sd(const Shape& weight, Fan fan) { return std::sqrt(2 / fan_of(weight, fan)); }

Tensor xavier_uniform(const Shape& weight, Rng& rng, double gain) {
  const double bound = xavier_uniform_bound(weight, gain);
  return rng.uniform(weight, -bound, bound);
}
Tensor xavier_normal(const Shape& weight, Rng& rng, double gain) {
  return rng.normal(weight, 0, xavier_normal_sd(weight, gain));
}
Tensor kaiming_uniform(const Shape& weight, Rng& rng, Fan fan) {
  const double bound = kaiming_uniform_bound(weight, fan);
  return rng.uniform(weight, -bound, bound);
}
Tensor kaiming_normal(const Shape& weight, Rng& rng, Fan fan) {
  return rng.normal(weight, 0, kaiming_normal_sd(weight, fan));
}
Tensor gaussian(const Shape& shape, double sd, Rng& rng) { return rng.normal(shape, 0, sd); }

Tensor orthogonal(const Shape& weight, Rng& rng, double gain) {
  if (weight.rank() != 2) throw Error("init::orthogonal: wants a matrix [rows, columns], got {}", to_string(weight));
  const bool tall = weight[0] > weight[1];
  if (rng.is_none()) return Tensor::zeros(weight);
  Tensor q = rng.normal(tall ? Shape{weight[1], weight[0]} : weight, 0, 1, DType::f64);
  orthonormalize_rows(q);
  Tensor result = Tensor::empty(weight);
  const double* from = q.data<double>();
  float* to = result.mutable_data<float>();
  for (int64_t i = 0; i < weight[0]; ++i)
    for (int64_t j = 0; j < weight[1]; ++j)
      *to++ = static_cast<float>(gain * from[tall ? j * weight[0] + i : i * weight[1] + j]);
  return result;
}

Tensor constant(const Shape& shape, double value, DType dtype) { return Tensor::full(shape, value, dtype); }

Tensor eye(int64_t rows, int64_t columns, DType dtype) {
  Tensor result = Tensor::zeros({rows, columns}, dtype);
  Tensor diagonal = result.view({std::min(rows, columns)}, {columns + 1});
  copy_into(diagonal, Tensor::full(diagonal.shape(), 1, dtype));
  return result;
}

Tensor lstm_forget_bias(int64_t hidden, double value, DType dtype) {
  Tensor bias = Tensor::zeros({4 * hidden}, dtype);
  Tensor forget = bias.view({hidden}, {1}, hidden);
  copy_into(forget, Tensor::full({hidden}, value, dtype));
  return bias;
}

}  // namespace heed::init
