// The one door to matrix products, by OpenBLAS or, in a build without it (HEED_BLAS=none), by heed's own. Every leading
// dimension and size is checked here, because cblas prints a line and goes on when one is wrong. OpenBLAS runs on one
// thread: its results depend on its number of threads, and heed parallelises above. In the scope of a
// ProductPrecision(bf16) the factors of f32 products are rounded first (base/precision.h).
#pragma once

#include <string>

#include "autograd/base/tensor.h"

namespace heed::blas {

// Of f32, the products of a sum that are added up in f32; their totals are added in double, or the digits of long sums would
// be lost. A product of few results ([M, N] together) waits for memory and not for arithmetic, so it can afford more totals.
constexpr int64_t kFewResults = 256;
constexpr int64_t most_terms(int64_t results) { return results <= kFewResults ? 256 : 8192; }

// c = beta c + alpha op(a) op(b), matrices [M,N], [M,K], [K,N] after op, which transposes if asked.
// One stride of each matrix must be 1; a matrix with neither is copied first (c must have its last stride 1).
void multiply(Tensor& c, const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, double beta = 0,
              double alpha = 1);

// The processor family whose kernels OpenBLAS chose; or that there is none.
std::string core_name();

}  // namespace heed::blas
