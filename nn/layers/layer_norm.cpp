#include "nn/layers/layer_norm.h"

#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "autograd/zip/zip.h"

namespace heed {
namespace {

void check(const Tensor& x, const Shape& normalized, const Tensor& weight, const Tensor& bias) {
  const int outer = x.rank() - normalized.rank();
  bool fits = outer >= 0 && normalized.rank() > 0;
  for (int i = 0; fits && i < normalized.rank(); ++i) fits = x.shape()[outer + i] == normalized[i];
  if (!fits)
    throw Error("layer_norm: {} does not end in the normalized shape {}", describe(x), to_string(normalized));
  for (const Tensor* p : {&weight, &bias})
    if (*p && (!(p->shape() == normalized) || p->dtype() != x.dtype()))
      throw Error("layer_norm: the parameter {} should be {} {}, as {} is normalized over that shape", describe(*p),
                  to_string(x.dtype()), to_string(normalized), describe(x));
}

}  // namespace

// Three passes over memory: the mean, the mean square around it, and the result.
Tensor layer_norm(const Tensor& x, const Shape& normalized, const Tensor& weight, const Tensor& bias, double eps) {
  check_defined("layer_norm", x);
  if (!(eps >= 0)) throw Error("layer_norm: eps is {}, but must be at least 0", eps);
  dispatch_float(x.dtype(), "layer_norm", [](auto) {});
  check(x, normalized, weight, bias);
  const int64_t features = normalized.numel();
  if (features == 0) return x;
  const Tensor rows = reshape(x, {x.numel() / features, features});
  const auto as_row = [&](const Tensor& p, double otherwise) {
    return p ? reshape(p, {features}) : Tensor::full({}, otherwise, x.dtype());
  };
  const Tensor mu = mean(rows, {1}, true);
  const auto deviation = [](auto a, auto m) { return (a - m) * (a - m); };
  const Tensor squares = zip_sum("layer_norm: squares", deviation, rows, mu);
  const auto inverse = [=](auto sum) { return 1 / sqrt(sum / static_cast<double>(features) + eps); };
  const Tensor scale = zip("layer_norm: 1 / sd", inverse, unsqueeze(squares, 1));
  const auto normalize = [](auto a, auto m, auto s, auto w, auto b) { return (a - m) * s * w + b; };
  return reshape(zip("layer_norm", normalize, rows, mu, scale, as_row(weight, 1), as_row(bias, 0)), x.shape());
}

}  // namespace heed
