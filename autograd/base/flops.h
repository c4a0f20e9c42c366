// How much arithmetic a thread has done in products: what costs, in networks. A multiplication and an addition count as
// two floating-point operations. Kernels of products add what they are about to do; the tape notes it for each operation.
#pragma once

#include <cstdint>

namespace heed {

inline thread_local int64_t product_flops = 0;

inline void count_product(int64_t rows, int64_t inner, int64_t columns) {
  product_flops += 2 * rows * inner * columns;
}

}  // namespace heed
