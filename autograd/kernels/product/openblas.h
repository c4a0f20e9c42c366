// Matrix products by OpenBLAS; of blas.cpp alone, which has checked what it passes on.
#pragma once

#include <string>

#include "autograd/base/tensor.h"

namespace heed::openblas {

// Before the first product: OpenBLAS on one thread, with its buffer. May be called again.
void start();

// c [M, N] = beta c + alpha op(a) op(b), of one floating type; neither M nor N is 0, and c's last stride is 1.
void multiply(Tensor& c, const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, double beta,
              double alpha);

// The processor family whose kernels it chose.
std::string core_name();

}  // namespace heed::openblas
