// How weights begin. A layer that sums n inputs multiplies the variance of its signal by n times that of
// its weights; the rules below choose the variance so that signals, and gradients, neither fade nor explode.
//
//     Xavier (Glorot and Bengio 2010): variance 2 / (fan_in + fan_out), times gain^2
//     Kaiming (He et al. 2015):        variance 2 / fan_in, for relu
//     orthogonal (Saxe et al. 2014):   Q^T Q = 1 keeps the length of every vector; for recurrent weights
//
// The gain makes up for what the following nonlinearity takes away. Weights have the shape [out, in, ..];
// further axes (a kernel's height and width) multiply both fans.
#pragma once

#include <string>

#include "autograd/base/rng.h"

namespace heed::init {

struct Fans {
  int64_t in, out;
};
Fans fans(const Shape& weight);  // throws for less than two axes

enum class Fan { in, out };  // what a Kaiming rule divides by

// linear, sigmoid 1; tanh 5/3; relu sqrt 2; leaky_relu sqrt(2 / (1 + slope^2)). Throws for other names.
double gain(const std::string& nonlinearity, double slope = 0.01);

// PyTorch's start for most layers: uniform in +-1/sqrt(fan), fan being how many numbers are summed; the last axis of
// the shape if it is not given. All 0 for a fan of 0.
Tensor fan_in_uniform(const Shape& shape, int64_t fan, Rng& rng);
Tensor fan_in_uniform(const Shape& shape, Rng& rng);

double xavier_uniform_bound(const Shape& weight, double gain = 1);     // gain sqrt(6 / (in + out))
double xavier_normal_sd(const Shape& weight, double gain = 1);         // gain sqrt(2 / (in + out))
double kaiming_uniform_bound(const Shape& weight, Fan fan = Fan::in);  // sqrt(6 / fan)
double kaiming_normal_sd(const Shape& weight, Fan fan = Fan::in);      // sqrt(2 / fan)

Tensor xavier_uniform(const Shape& weight, Rng& rng, double gain = 1);
Tensor xavier_normal(const Shape& weight, Rng& rng, double gain = 1);
Tensor kaiming_uniform(const Shape& weight, Rng& rng, Fan fan = Fan::in);
Tensor kaiming_normal(const Shape& weight, Rng& rng, Fan fan = Fan::in);
Tensor gaussian(const Shape& shape, double sd, Rng& rng);
// A matrix [rows, cols] drawn evenly from those with orthonormal columns, or rows if there are fewer of
// them, times gain. It is the Q of the QR decomposition of a matrix of normal numbers.
Tensor orthogonal(const Shape& weight, Rng& rng, double gain = 1);
Tensor constant(const Shape& shape, double value, DType dtype = DType::f32);
inline Tensor zeros(const Shape& shape) { return constant(shape, 0); }
Tensor eye(int64_t rows, int64_t columns, DType dtype = DType::f32);  // ones on the main diagonal
// The bias [4H] of an LSTM: `value` for the forget gate (rows H .. 2H-1), else 0.
// At 1 the cell remembers from the start.
Tensor lstm_forget_bias(int64_t hidden, double value = 1, DType dtype = DType::f32);

}  // namespace heed::init
