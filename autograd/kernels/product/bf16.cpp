#include "autograd/kernels/product/bf16.h"

#include "autograd/kernels/registers.h"

namespace heed {

Tensor rounded_to_bf16(const Tensor& x) {
  const Tensor dense = densify(x);
  Tensor y = Tensor::empty(x.shape(), DType::f32);
  each_register<float>(0, x.numel(), [from = dense.data<float>(), to = y.mutable_data<float>()](auto at) {
    at.store(to, to_bf16(at.load(from)));
  });
  return y;
}

Precision wanted_precision(DType dtype, int64_t k, int64_t n) {
  return dtype == DType::f32 && std::min(k, n) >= kRoundedFrom ? ProductPrecision::current() : Precision::f32;
}

}  // namespace heed
