// Batch normalization (Ioffe and Szegedy 2015): every channel is brought to mean 0 and variance
// 1 over the batch.
//
//     y = (x - mu) / sqrt(var + eps) * weight + bias
//
// While training, mu and var (biased: divided by n) are those of the batch, and running averages of them
// are kept: running = (1 - momentum) running + momentum batch, the variance entering as its unbiased
// estimate (divided by n - 1). In use, the running averages take their place, so that an example's result
// does not depend on its neighbours.
#pragma once

#include "autograd/tape/parameters.h"

namespace heed {

struct BatchNorm {
  Tensor weight, bias;               // [C], ones and zeros at first; undefined if not affine
  Tensor running_mean, running_var;  // [C], zeros and ones at first; saved, not trained
  double momentum = 0.1;
  double eps = 1e-5;

  BatchNorm() = default;
  explicit BatchNorm(int64_t channels, bool affine = true);

  // x [N, C, ..] -> the same shape. A training call updates the running averages, so give it to one thread
  // at a time. Throws for another number of channels, and while training if a channel has a single value
  // (it has no variance).
  Tensor operator()(const Tensor& x, bool training);

  void parts(auto& visit) {
    visit("weight", weight);
    visit("bias", bias);
    visit.buffer("running_mean", running_mean);
    visit.buffer("running_var", running_var);
  }

 private:
  void update(const Tensor& mean, const Tensor& var, int64_t count);
};

}  // namespace heed
