#include "nn/layers/batch_norm.h"

#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed {

BatchNorm::BatchNorm(int64_t channels, bool affine) {
  if (channels < 1) throw Error("BatchNorm: {} channels were asked for; there must be at least 1", channels);
  if (affine) weight = Tensor::full({channels}, 1), bias = Tensor::zeros({channels});
  running_mean = Tensor::zeros({channels});
  running_var = Tensor::full({channels}, 1);
}

Tensor BatchNorm::operator()(const Tensor& x, bool training) {
  check_defined("BatchNorm", x, running_mean, running_var);
  const int64_t channels = running_mean.numel();
  if (x.rank() < 2 || x.size(1) != channels || channels == 0)
    throw Error("BatchNorm: wants [N, {}, ..], got {}", channels, describe(x));
  for (const Tensor* of_channels : {&weight, &bias, &running_mean, &running_var})
    if (*of_channels && (of_channels->numel() != channels || of_channels->dtype() != x.dtype()))
      throw Error("BatchNorm: {} should be {} [{}], a number for each channel of {}", describe(*of_channels),
                  to_string(x.dtype()), channels, describe(x));
  Shape along = Shape{1, channels};  // of a number for each channel, to broadcast against x
  Axes others = {0};
  for (int i = 2; i < x.rank(); ++i) {
    along.push_back(1);
    others.push_back(i);
  }
  Tensor mu = running_mean, variance = running_var;
  if (training) {
    const int64_t count = x.numel() / channels;
    if (count < 2)
      throw Error("BatchNorm: cannot train on {}: each channel has {} value(s), and a variance needs two",
                  describe(x), count);
    mu = mean(x, others, true);
    variance = mean(square(x - mu), others, true);
    update(mu, variance, count);
  }
  const Tensor scale = reciprocal(sqrt(reshape(variance, along) + eps));
  mu = reshape(mu, along);
  if (weight && bias)
    return zip(
        "batch_norm", [](auto v, auto m, auto s, auto w, auto b) { return (v - m) * s * w + b; }, x, mu, scale,
        reshape(weight, along), reshape(bias, along));
  Tensor y = zip(
      "batch_norm", [](auto v, auto m, auto s) { return (v - m) * s; }, x, mu, scale);
  if (weight) y = y * reshape(weight, along);
  return bias ? y + reshape(bias, along) : y;
}

void BatchNorm::update(const Tensor& mean, const Tensor& var, int64_t count) {
  Untaped guard;
  const double unbiased = static_cast<double>(count) / static_cast<double>(count - 1);
  const Shape shape = running_mean.shape();
  running_mean = (1 - momentum) * running_mean + momentum * reshape(detach(mean), shape);
  running_var = (1 - momentum) * running_var + momentum * unbiased * reshape(detach(var), shape);
}

}  // namespace heed
