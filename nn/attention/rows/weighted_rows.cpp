#include "nn/attention/rows/weighted_rows.h"

#include "autograd/kernels/long_sums.h"
#include "autograd/ops/matmul.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/rows/row_loops.h"
#include "nn/attention/rows/row_scores.h"

namespace heed {
namespace {

using namespace rows;

void check(const Tensor& weights, const Tensor& annotations, const SharedMask& mask) {
  check_defined("weighted_rows", weights, annotations);
  if (weights.rank() != 2 || annotations.rank() != 2 || weights.dtype() != annotations.dtype())
    throw Error("weighted_rows: weights {} and annotations {} do not fit", describe(weights), describe(annotations));
  check_mask("weighted_rows", mask, weights.size(0), annotations);
  if (weights.size(1) != mask->width)
    throw Error("weighted_rows: the weights {} do not fit a mask with {} positions", describe(weights), mask->width);
}

// context [n, C] += w h; the rows of weight 0 are left out.
template <class T>
void forward(const AttentionMask& mask, int64_t n, const T* w, const T* h, T* context, int64_t size) {
  std::vector<T> weights(static_cast<size_t>(mask.width));
  std::vector<int64_t> rows(static_cast<size_t>(mask.width));
  LongSums<T> contexts(context, n, size);
  for (int64_t b = 0; b < n; ++b) {
    size_t count = 0;
    for (int64_t j = 0; j < mask.lengths[static_cast<size_t>(b)]; ++j) {
      weights[count] = w[b * mask.width + j];
      rows[count] = mask.row(b, j);
      count += weights[count] != 0;
    }
    for (size_t first = 0; first < count; first += kMostTerms)
      add_weighted_rows(contexts.row(b, kMostTerms), &weights[first], h, &rows[first],
                        std::min(static_cast<int64_t>(count - first), kMostTerms), size);
  }
}

void backward(const AttentionMask& mask, const Tensor& w, const Tensor& h, const Tensor& dy, InPlace& d) {
  SuitablePlace dweights(d, 0, w, has_rows), dannotations(d, 1, h, is_dense);
  dweights.zero(), dannotations.zero();
  const Tensor upstream = densify(dy);
  const int64_t size = h.size(1), step = dweights ? dweights.tensor().strides()[0] : 0;
  dispatch_float(w.dtype(), "weighted_rows", [&]<class T>(T) {
    const T *weight = w.data<T>(), *annotation = h.data<T>(), *dcontext = upstream.data<T>();
    T* dw = dweights.data<T>();
    LongSums<T> dh(dannotations.data<T>(), h.size(0), size);
    each_row(mask, w.size(0), [&](int64_t b, int64_t j, int64_t row) {
      const T* dc = dcontext + b * size;
      const T by = weight[b * mask.width + j];
      if (dw) dw[b * step + j] += dot(dc, annotation + row * size, size);
      if (dannotations && by != 0) add_scaled(dh.row(row), by, dc, size);
    });
  });
  dweights.finish(), dannotations.finish();
}

}  // namespace

Tensor weighted_rows(const Tensor& weights, const Tensor& annotations, const SharedMask& mask) {
  check(weights, annotations, mask);
  const Tensor w = densify(weights), h = densify(annotations);
  Tensor context = Tensor::zeros({w.size(0), h.size(1)}, w.dtype());
  dispatch_float(w.dtype(), "weighted_rows", [&]<class T>(T) {
    forward(*mask, w.size(0), w.data<T>(), h.data<T>(), context.mutable_data<T>(), h.size(1));
  });
  const auto definition = [mask](const Tensor& x, const Tensor& y) { return weighted_rows_plain(x, y, mask); };
  const auto kernel = [w, h, mask](const Tensor& dy, InPlace& d) { backward(*mask, w, h, dy, d); };
  return record("weighted_rows", {weights, annotations}, context,
                by_definition(definition, std::array{weights, annotations}), kernel);
}

Tensor weighted_rows_plain(const Tensor& weights, const Tensor& annotations, const SharedMask& mask) {
  check(weights, annotations, mask);
  const int64_t n = weights.size(0);
  const Tensor attended = where(mask_tensor(*mask, n), weights, Tensor::zeros({}, weights.dtype()));
  return squeeze(matmul(unsqueeze(attended, 1), attended_rows(annotations, *mask, n)), 1);
}

}  // namespace heed
