// What the operations of latent attention refuse, with what was given.
#pragma once

#include "autograd/base/tensor.h"
#include "nn/attention/rows/attention_mask.h"

namespace heed::latent {

// Words [n, K], and with them places [M, K] and alpha [n, S].
inline void check_places(const char* name, const Tensor& words, const Tensor& places, const Tensor& alpha,
                         const SharedMask& mask) {
  if (words.rank() != 2 || places.rank() != 2 || words.size(1) != places.size(1) || words.dtype() != places.dtype())
    throw Error("{}: words {} and places {} do not fit: both must be rows of one size and type", name,
                describe(words), describe(places));
  check_mask(name, mask, words.size(0), places);
  if (!(alpha.shape() == Shape{words.size(0), mask->width}) || alpha.dtype() != words.dtype())
    throw Error("{}: alpha must be {} [{}, {}], a weight for each of {} words and each position of the mask, got {}",
                name, to_string(words.dtype()), words.size(0), mask->width, words.size(0), describe(alpha));
}

}  // namespace heed::latent
