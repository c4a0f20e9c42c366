// Products in bf16 (base/precision.h), by CPUs that multiply pairs: vdpbf16ps (AVX512_BF16) takes two numbers of each
// factor in the place of one f32, adds both products to a sum in f32, and is on Zen 4 as quick as one f32 multiplication.
// Intel's tiles do the same with many at once (amx.h), to sums in another order.
//
// So two numbers that follow each other in a sum, x[2k] and x[2k + 1], lie together as one of the tile's numbers, and
// panels and tile are those of f32 (product_tile.h) with half the depth. The definition is the product in f32 of numbers
// rounded to bf16 (blas.cpp), which other CPUs compute; the two differ by the order of their sums, and in that numbers
// below 1e-38 count as 0 here.
#pragma once

#include "autograd/base/tensor.h"

namespace heed::pair_product {

// Whether this library and this CPU can.
bool available();

// c [M, N] = beta c + alpha op(a) op(b) of f32, as blas::multiply; c's last stride is 1.
void multiply(Tensor& c, const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, double beta,
              double alpha);

// op(weight) [K, N] as panels, to be used by many products.
Tensor panels_of(const Tensor& weight, bool transposed);
// c [M, N] = beta c + a [M, K] by such panels, beta 0 or 1; the last strides of a and c are 1.
void multiply_panels(Tensor& c, const Tensor& a, const Tensor& panels, bool add);

}  // namespace heed::pair_product
