// A matrix product of heed's own, for builds without OpenBLAS (HEED_BLAS=none): a browser has none, and a small
// program may not want one.
//
// It is what BLAS libraries do (Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008) with
// the tile that heed has anyway: the right-hand matrix is copied into panels, the left-hand one into rows where it does
// not lie so, block by block. So the innermost loop reads without gaps, from memory that stays in a cache.
#pragma once

#include <string>

#include "autograd/base/tensor.h"

namespace heed::own_product {

inline void start() {}

// c [M, N] = beta c + alpha op(a) op(b), matrices of one floating type with any strides, but c's last one is 1. With
// beta 0 what c holds is not looked at. A number of the result does not depend on M or N.
void multiply(Tensor& c, const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, double beta,
              double alpha);

inline std::string core_name() { return "none: heed's own product"; }

}  // namespace heed::own_product
