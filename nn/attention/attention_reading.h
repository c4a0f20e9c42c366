// Readings: how an alignment alpha becomes the weights with which the annotations are read.
//
//     soft    all of them:  c = sum_t alpha_t k_t              differentiable
//     hard    one of them:  s ~ Multinoulli(alpha),  c = k_s  Xu et al. (8), (9); trained by hard_attention.h
#pragma once

#include "autograd/base/rng.h"
#include "autograd/base/tensor.h"

namespace heed {

struct SoftReading {
  Tensor operator()(const Tensor& alpha) const { return alpha; }
};

// A draw per query, with probability alpha / sum(alpha); weights are 1 there and 0 elsewhere, and constants:
// no gradient passes the choice. A line of zeros chooses nothing.
struct HardReading {
  Rng* rng = nullptr;  // null: the most probable position, as when captions are generated
  // [B, 1] (or [B, U, 1]): 1 where the expectation alpha is read in place of a draw, 0 elsewhere. Xu et al.,
  // section 4.1.2, do so for half of the images, to lessen the variance. Undefined: nowhere.
  Tensor expected;

  Tensor operator()(const Tensor& alpha) const;
};

// Always the given positions: i64 one-hot [B, T], for a choice that was made before.
struct GivenReading {
  Tensor onehot;

  Tensor operator()(const Tensor& alpha) const;
};

// c = sum_t weights_t k_t:  weights [B, T] or [B, U, T], keys [B, T, K] -> [B, K] or [B, U, K].
Tensor read(const Tensor& weights, const Tensor& keys);

}  // namespace heed
