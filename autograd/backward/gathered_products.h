// Products that are multiplied together.
//
// A weight that is used at every time step has the gradient  sum_t x_t^T d_t:  T thin products. But the sum is one
// product, X^T D, of the steps one below the other. So only the factors are kept, handles to tensors that exist
// anyway, until enough rows have come together for a product at full speed.
#pragma once

#include <utility>
#include <vector>

#include "autograd/tape/adjoints.h"

namespace heed {

class GatheredProducts {
 public:
  // left [R, K], right [R, N]. True when it is time to multiply.
  bool add(const Tensor& left, const Tensor& right);
  Shape shape() const { return {factors_[0].first.size(1), factors_[0].second.size(1)}; }  // [K, N]
  DType dtype() const { return factors_[0].first.dtype(); }
  // sum left^T right, stored if the place is fresh, else added.
  void multiply_into(InPlace::Place to) const;

 private:
  std::vector<std::pair<Tensor, Tensor>> factors_;
  int64_t rows_ = 0;
};

}  // namespace heed
