#include "nn/layers/dropout.h"

#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed {

Tensor dropout_with_mask(const Tensor& x, const Tensor& mask, double p) {
  if (!(p >= 0 && p < 1)) throw Error("dropout: p = {} must lie in [0, 1)", p);
  check_defined("dropout", x, mask);
  const double scale = 1 / (1 - p);
  return zip(
      "dropout", [scale](auto a, auto m) { return weigh(m, a) * scale; }, x, to(mask, x.dtype()));
}

Tensor dropout(const Tensor& x, double p, Rng& rng) {
  check_defined("dropout", x);
  if (p == 0) return x;
  if (!(p > 0 && p < 1)) throw Error("dropout: p = {} must lie in [0, 1)", p);
  return dropout_with_mask(x, rng.bernoulli_mask(x.shape(), 1 - p, x.dtype()), p);
}

}  // namespace heed
