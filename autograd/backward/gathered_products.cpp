#include "autograd/backward/gathered_products.h"

#include "autograd/kernels/blas.h"

namespace heed {
namespace {

constexpr int64_t kEnough = 640;  // rows from which one product runs at full speed

void copy_rows(Tensor& to, int64_t row, const Tensor& from) {
  Tensor part = to.view(from.shape(), to.strides(), row * to.size(1));
  copy_into(part, from);
}

}  // namespace

bool GatheredProducts::add(const Tensor& left, const Tensor& right) {
  factors_.emplace_back(left, right);
  rows_ += left.size(0);
  return rows_ >= kEnough;
}

// sum_t left_t^T right_t = [left_1; left_2; ..]^T [right_1; right_2; ..]
void GatheredProducts::multiply_into(InPlace::Place to) const {
  auto [left, right] = factors_[0];
  if (factors_.size() > 1) {
    left = Tensor::empty({rows_, left.size(1)}, left.dtype());
    right = Tensor::empty({rows_, right.size(1)}, right.dtype());
    int64_t row = 0;
    for (const auto& [x, dy] : factors_) {
      copy_rows(left, row, x);
      copy_rows(right, row, dy);
      row += x.size(0);
    }
  }
  blas::multiply(to.buffer, left, true, right, false, to.fresh ? 0.0 : 1.0);
}

}  // namespace heed
