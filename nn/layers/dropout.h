// Dropout (Srivastava et al. 2014): during training each number is kept with probability 1-p, else set to
// 0, so that no unit can rely on another being there. What is kept is divided by 1-p ("inverted"), which
// leaves the mean as it was; in use the layer is simply left out.
//
// Recurrent networks of Zaremba et al. (2014) drop only between layers; Gal and Ghahramani (2016) keep one
// mask over all time steps: give dropout_with_mask a mask [1, B, H].
#pragma once

#include "autograd/base/rng.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed {

// x mask / (1-p): mask 1 = kept, 0 = dropped, of any type, broadcast against x; what is dropped may be infinite.
// Throws unless 0 <= p < 1.
inline Tensor dropout_with_mask(const Tensor& x, const Tensor& mask, double p) {
  if (!(p >= 0 && p < 1)) throw Error("dropout: p = {} must lie in [0, 1)", p);
  check_defined("dropout", x, mask);
  const double scale = 1 / (1 - p);
  return zip(
      "dropout", [scale](auto a, auto m) { return weigh(m, a) * scale; }, x, to(mask, x.dtype()));
}

// With a fresh mask. p = 0 gives x itself and draws nothing.
inline Tensor dropout(const Tensor& x, double p, Rng& rng) {
  check_defined("dropout", x);
  if (p == 0) return x;
  if (!(p > 0 && p < 1)) throw Error("dropout: p = {} must lie in [0, 1)", p);
  return dropout_with_mask(x, rng.bernoulli_mask(x.shape(), 1 - p, x.dtype()), p);
}

}  // namespace heed
