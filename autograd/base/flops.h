// How much arithmetic a thread has done in products: what costs, in networks. A multiplication and an addition count as
// two floating-point operations. Kernels of products add what they are about to do; the tape notes it for each operation.
#pragma once

#include <cstdint>

namespace heed {

inline thread_local int64_t product_flops = 0;

inline void count_product(int64_t rows, int64_t inner, int64_t columns) {
  product_flops += 2 * rows * inner * columns;
}

// While one lives, products are not counted: those of a backward pass that are computed in the forward pass already,
// where the forecast of a step (check/cost.h) does not expect them.
class UncountedProducts {
 public:
  UncountedProducts() = default;
  ~UncountedProducts() { product_flops = before_; }
  UncountedProducts(const UncountedProducts&) = delete;
  UncountedProducts& operator=(const UncountedProducts&) = delete;

 private:
  int64_t before_ = product_flops;
};

}  // namespace heed
