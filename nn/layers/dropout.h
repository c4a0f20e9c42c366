// Dropout (Srivastava et al. 2014): during training each number is kept with probability 1-p, else set to
// 0, so that no unit can rely on another being there. What is kept is divided by 1-p ("inverted"), which
// leaves the mean as it was; in use the layer is simply left out.
//
// Recurrent networks of Zaremba et al. (2014) drop only between layers; Gal and Ghahramani (2016) keep one
// mask over all time steps: give dropout_with_mask a mask [1, B, H].
#pragma once

#include "autograd/base/rng.h"

namespace heed {

// x mask / (1-p): mask 1 = kept, 0 = dropped, of any type, broadcast against x; what is dropped may be infinite.
// Throws unless 0 <= p < 1.
Tensor dropout_with_mask(const Tensor& x, const Tensor& mask, double p);

// With a fresh mask. p = 0 gives x itself and draws nothing.
Tensor dropout(const Tensor& x, double p, Rng& rng);

}  // namespace heed
