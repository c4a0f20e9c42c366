// Readings: how an alignment alpha [n, W] becomes the weights with which the annotations are read.
//
//     soft    all of them:  c = sum_j alpha_j h_j                                 Bahdanau et al. (5), Xu et al. (13)
//     hard    one of them:  s ~ Multinoulli(alpha),  c = h_s                      Xu et al. (8), (9)
//
// Whatever can be called like these is a reading.
#pragma once

#include "autograd/base/rng.h"
#include "autograd/base/tensor.h"

namespace heed {

// The expectation (Xu et al. 4.2): as if p(y | E z) were E p(y | z), which is nearly so, but for what the network
// makes of z that is not linear.
struct SoftReading {
  Tensor operator()(const Tensor& alpha) const {
    check_defined("SoftReading", alpha);
    return alpha;
  }
};

// A draw per query, with probability alpha / sum(alpha); weights are 1 there and 0 elsewhere, and constants:
// no gradient passes the choice, which is what hard_attention.h is for. A line of zeros chooses nothing; one
// with a NaN throws.
struct HardReading {
  Rng* rng = nullptr;  // null: the most probable position, as when captions are generated
  // [n, 1]: 1 where the expectation alpha is read in place of a draw, 0 elsewhere. Xu et al. (12) do so
  // for half of the images, to lessen the variance. Undefined: nowhere.
  Tensor expected{};

  Tensor operator()(const Tensor& alpha) const;
};

}  // namespace heed
