// Maxout (Goodfellow et al. 2013): each output is the largest of `pool` neighbouring inputs. RNNsearch's
// readout uses it with pool 2 (Bahdanau et al. A.2.2).
#pragma once

#include "autograd/base/tensor.h"

namespace heed {

// y_j = max over u < pool of x_{j pool + u}: x [.., m * pool] -> [.., m].
// The first of equals wins and receives the gradient.
Tensor maxout(const Tensor& x, int64_t pool = 2);

}  // namespace heed
