#include "examples/caption/model/cells.h"

#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed::caption {

Cells::Cells(int64_t side, int64_t pool) : side_(side), pool_(pool), edge_((side + pool - 1) / pool) {}

Tensor Cells::members(DType dtype) const {
  Tensor one = Tensor::zeros({side_ * side_, count()}, dtype);
  dispatch_float(dtype, "cells", [&]<class T>(T) {
    T* const rows = one.mutable_data<T>();
    for (int64_t i = 0; i < side_ * side_; ++i) rows[i * count() + i / side_ / pool_ * edge_ + i % side_ / pool_] = 1;
  });
  return one;
}

Tensor Cells::means(const Tensor& annotations) const {
  if (are_places()) return annotations;
  const Tensor one = members(annotations.dtype()), shares = one / sum(one, {0}, true);
  const Tensor pictures = reshape(annotations, {-1, side_ * side_, annotations.size(1)});
  return reshape(matmul(transpose(shares, 0, 1), pictures), {-1, annotations.size(1)});
}

Tensor Cells::sums(const Tensor& alpha) const { return are_places() ? alpha : matmul(alpha, members(alpha.dtype())); }

Tensor Cells::of_places(const Tensor& posterior, const Tensor& alpha) const {
  if (are_places()) return posterior;
  const auto ratio = [](auto of_cell, auto prior) { return where(prior <= 0, 0 * prior, of_cell / prior); };
  return alpha * linear(zip("posterior_of_places", ratio, posterior, sums(alpha)), members(alpha.dtype()));
}

}  // namespace heed::caption
