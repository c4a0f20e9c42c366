#include "nn/linear_cross_entropy.h"

#include <algorithm>
#include <array>

#include "autograd/blas.h"
#include "autograd/lines.h"
#include "autograd/reduce.h"
#include "autograd/shape_ops.h"

namespace heed {
namespace {

// Enough for products at full speed; 256 rows of 8,000 words are 8 MB.
constexpr int64_t kBlock = 384;

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

int64_t counted(const Tensor& targets, const std::optional<int64_t>& ignored) {
  int64_t count = 0;
  for (int64_t y : targets.to_ids()) count += !ignored || y != *ignored;
  return count;
}

Solution solve(const Tensor& x, const Linear& layer, const Tensor& targets, CrossEntropyOptions options,
               bool with_gradients) {
  const Untaped pause;
  Solution s;
  if (with_gradients) {
    s.dx = Tensor::zeros(x.shape(), x.dtype());
    s.dweight = Tensor::zeros(layer.weight.shape(), x.dtype());
    if (layer.bias) s.dbias = Tensor::zeros(layer.bias.shape(), x.dtype());
  }
  const int64_t rows = x.size(0), blocks = (rows + kBlock - 1) / kBlock;
  for (int64_t block = 0; block < blocks; ++block) {
    const int64_t first = block * rows / blocks, count = (block + 1) * rows / blocks - first;
    const Tensor part = slice_of_rows(x, first, count), logits = layer(part);
    Tape tape;
    const Tensor loss = cross_entropy(logits, slice_of_rows(targets, first, count), options);
    s.loss += loss.item();
    if (!with_gradients) continue;
    const Tensor d = tape.gradients(loss, {logits})[0];
    Tensor dx = slice_of_rows(s.dx, first, count);
    blas::multiply(dx, d, false, layer.weight, false);
    blas::multiply(s.dweight, d, true, part, false, 1);
    if (s.dbias) add_in_place(s.dbias, sum(d, {0}));
  }
  return s;
}

// to = factor from, or += if it is not fresh.
void add_scaled(Tensor& to, const Tensor& from, double factor, bool fresh) {
  dispatch_float(from.dtype(), "linear_cross_entropy", [&](auto zero) {
    using T = decltype(zero);
    const T* x = from.data<T>();
    T* y = to.mutable_data<T>();
    const Vec<T> by(static_cast<T>(factor));
    const int64_t n = from.numel();
    for (int64_t i = 0; i < n; i += Vec<T>::width) {
      const int count = static_cast<int>(std::min<int64_t>(Vec<T>::width, n - i));
      const Vec<T> before = fresh ? Vec<T>(T(0)) : Vec<T>::load(y + i, count);
      (before + by * Vec<T>::load(x + i, count)).store(y + i, count);
    }
  });
}

// For when the backward pass is itself recorded.
void recorded_gradients(const Tensor& x, const Linear& layer, const Tensor& targets,
                        const CrossEntropyOptions& options, const Tensor& dy, Adjoints& d) {
  std::vector<Tensor> inputs{x, layer.weight};
  if (layer.bias) inputs.push_back(layer.bias);
  Tape inner;
  const Gradients g = inner.gradients({cross_entropy(layer(x), targets, options)}, {dy}, inputs);
  for (size_t i = 0; i < g.size(); ++i) d.add(static_cast<int>(i), g[i]);
}

}  // namespace

Tensor linear_cross_entropy(const Tensor& x, const Linear& layer, const Tensor& targets,
                            const CrossEntropyOptions& options) {
  if (options.reduction == Reduction::none || options.weight || x.rank() != 2 || targets.rank() != 1)
    return cross_entropy(layer(x), targets, options);
  const Tensor ids = densify(targets);
  const int64_t count = options.reduction == Reduction::mean ? counted(ids, options.ignore_index) : 1;
  const auto divisor = static_cast<double>(std::max<int64_t>(count, 1));
  CrossEntropyOptions summed = options;
  summed.reduction = Reduction::sum;
  Solution s = solve(densify(x), layer, ids, summed, recording());
  const Tensor loss = Tensor::scalar(s.loss / divisor, x.dtype());
  return record("linear_cross_entropy", {x, layer.weight, layer.bias}, loss,
                [x, layer, ids, options, divisor, gradients = std::array{s.dx, s.dweight, s.dbias}](
                    const Tensor& dy, Adjoints& d) {
                  if (recording()) return recorded_gradients(x, layer, ids, options, dy, d);
                  const double g = dy.item() / divisor;
                  for (int i = 0; i < 3; ++i) {
                    if (!d.wanted(i)) continue;
                    const Tensor& gradient = gradients[static_cast<size_t>(i)];
                    write_gradient(d, i, gradient, [&](Tensor& to, bool fresh) { add_scaled(to, gradient, g, fresh); });
                  }
                });
}

}  // namespace heed
