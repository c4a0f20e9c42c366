#include "nn/attention/rows/weighted_rows.h"

#include "autograd/ops/matmul.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/rows/row_loops.h"
#include "nn/attention/rows/row_scores.h"

namespace heed {

using namespace rows;

Tensor weighted_rows(const Tensor& weights, const Tensor& annotations, const SharedMask& mask) {
  if (weights.rank() != 2 || annotations.rank() != 2 || weights.size(1) != mask->width ||
      weights.size(0) > mask->queries())
    throw Error("weighted_rows: weights {} and annotations {} do not fit a mask of {} queries with {} positions",
                describe(weights), describe(annotations), mask->queries(), mask->width);
  const int64_t n = weights.size(0), size = annotations.size(1), width = mask->width;
  const Tensor w = densify(weights), h = densify(annotations);
  Tensor context = Tensor::zeros({n, size}, weights.dtype());
  dispatch_float(weights.dtype(), "weighted_rows", [&]<class T>(T) {
    each_row(*mask, n, [&](int64_t b, int64_t j, int64_t row) {
      const T weight = w.data<T>()[b * width + j];
      if (weight != 0) add_scaled(context.mutable_data<T>() + b * size, weight, h.data<T>() + row * size, size);
    });
  });
  const auto definition = [mask](const Tensor& x, const Tensor& y) { return weighted_rows_plain(x, y, mask); };
  const auto kernel = [w, h, mask, n, size, width](const Tensor& dy, InPlace& d) {
    SuitablePlace dweights(d, 0, w, has_rows), dannotations(d, 1, h, is_dense);
    for (SuitablePlace* place : {&dweights, &dannotations}) place->zero();
    const Tensor dc = densify(dy);
    dispatch_float(dc.dtype(), "weighted_rows", [&]<class T>(T) {
      T *dw = dweights.data<T>(), *dh = dannotations.data<T>();
      const int64_t step = dw ? dweights.tensor().strides()[0] : 0;
      each_row(*mask, n, [&](int64_t b, int64_t j, int64_t row) {
        const T* upstream = dc.data<T>() + b * size;
        const T weight = w.data<T>()[b * width + j];
        if (dw) dw[b * step + j] += dot(upstream, h.data<T>() + row * size, size);
        if (dh && weight != 0) add_scaled(dh + row * size, weight, upstream, size);
      });
    });
    for (SuitablePlace* place : {&dweights, &dannotations}) place->finish();
  };
  return record("weighted_rows", {weights, annotations}, context,
                by_definition(definition, std::array{weights, annotations}), kernel);
}

Tensor weighted_rows_plain(const Tensor& weights, const Tensor& annotations, const SharedMask& mask) {
  const int64_t n = weights.size(0);
  const Tensor attended = where(mask_tensor(*mask, n), weights, Tensor::zeros({}, weights.dtype()));
  return squeeze(matmul(unsqueeze(attended, 1), attended_rows(annotations, *mask, n)), 1);
}

}  // namespace heed
