#include "nn/losses/linear_cross_entropy.h"

#include <algorithm>

#include "autograd/base/flops.h"
#include "autograd/kernels/blas.h"
#include "autograd/kernels/in_place.h"
#include "autograd/kernels/packed_weights.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/record.h"
#include "autograd/zip/elementwise.h"

namespace heed {
namespace {

// Enough for products at nearly full speed; the logits of so many rows and 8,000 words are 8 MB.
constexpr int64_t kBlock = 256;

// The loss and, if they are wanted, its gradients.
struct Solution {
  double loss = 0;
  Tensor dx, dweight, dbias;
};

Tensor slice_of_rows(const Tensor& x, int64_t first, int64_t count) {
  Shape shape = x.shape();
  shape[0] = count;
  return x.view(shape, x.strides(), first * x.strides()[0]);
}

Solution solve(const Tensor& x, const Linear& layer, const Tensor& targets, const CrossEntropyOptions& options,
               bool with_gradients) {
  Immutable* const weights = Immutable::current();
  const Untaped pause;
  const Immutable::Scope scope(weights);  // no parameter is written to meanwhile
  Solution s;
  if (with_gradients) {
    s.dx = Tensor::zeros(x.shape(), x.dtype());
    s.dweight = Tensor::zeros(layer.weight.shape(), x.dtype());
    if (layer.bias) s.dbias = Tensor::zeros(layer.bias.shape(), x.dtype());
  }
  const int64_t rows = x.size(0), blocks = (rows + kBlock - 1) / kBlock;
  for (int64_t block = 0; block < blocks; ++block) {
    const int64_t first = block * rows / blocks, count = (block + 1) * rows / blocks - first;
    const Tensor part = slice_of_rows(x, first, count), ids = slice_of_rows(targets, first, count);
    Tensor d = layer(part);  // the logits first, then their gradient
    if (!with_gradients) {
      s.loss += cross_entropy(d, ids, options).item();
      continue;
    }
    s.loss += detail::losses_to_gradients(d, ids, options.label_smoothing);
    const UncountedProducts backward;
    Tensor dx = slice_of_rows(s.dx, first, count);
    multiply_by_weight(dx, d, layer.weight, false, false);
    blas::multiply(s.dweight, d, true, part, false, 1);
    if (s.dbias) add_in_place(s.dbias, sum(d, {0}));
  }
  return s;
}

}  // namespace

Tensor linear_cross_entropy(const Tensor& x, const Linear& layer, const Tensor& targets,
                            const CrossEntropyOptions& options) {
  check_defined("linear_cross_entropy", x, layer.weight, targets);
  if (!targets || options.reduction == Reduction::none || options.weight || x.rank() != 2 || targets.rank() != 1)
    return composed("linear_cross_entropy", [&] { return cross_entropy(layer(x), targets, options); });
  if (layer.weight.rank() != 2)
    throw Error("linear_cross_entropy: the layer's weight should be [V, I], got {}", describe(layer.weight));
  if (targets.numel() != x.size(0) || targets.dtype() != DType::i64)
    throw Error("linear_cross_entropy: the targets of {} must be i64 [{}], got {}", describe(x), x.size(0),
                describe(targets));
  const Tensor ids =
      detail::checked_targets("linear_cross_entropy", targets, layer.weight.size(0), options.ignore_index);
  const auto ignored = std::count(ids.data<int64_t>(), ids.data<int64_t>() + ids.numel(), detail::kIgnored);
  const bool mean = options.reduction == Reduction::mean;
  const auto divisor = static_cast<double>(mean ? std::max<int64_t>(ids.numel() - ignored, 1) : 1);
  const CrossEntropyOptions summed{detail::kIgnored, options.label_smoothing, {}, Reduction::sum};
  const Solution s =
      composed("linear_cross_entropy", [&] { return solve(densify(x), layer, ids, summed, recording()); });
  const Tensor loss = Tensor::scalar(s.loss / divisor, x.dtype());
  const auto definition = [ids, summed, divisor](const Tensor& rows, const Tensor& weight, const Tensor& bias) {
    return cross_entropy(linear(rows, weight, bias), ids, summed) / divisor;
  };
  const auto kernel = [s, divisor](const Tensor& dy, InPlace& d) {
    const double g = dy.item() / divisor;
    const Tensor* const gradients[] = {&s.dx, &s.dweight, &s.dbias};
    for (int i = 0; i < 3; ++i)
      if (d.wanted(i)) {
        Tensor sum = d.place_zeroed(i, *gradients[i]);
        add_in_place(sum, *gradients[i], g);
      }
  };
  return record("linear_cross_entropy", {x, layer.weight, layer.bias}, loss,
                by_definition(definition, std::array{x, layer.weight, layer.bias}), kernel);
}

}  // namespace heed
