#include "autograd/kernels/blas.h"

#include "autograd/base/flops.h"
#include "autograd/kernels/product/bf16.h"
#include "autograd/kernels/product/pair_product.h"
#ifdef HEED_OWN_PRODUCT
#include "autograd/kernels/product/own_product.h"
namespace product = heed::own_product;
#else
#include "autograd/kernels/product/openblas.h"
namespace product = heed::openblas;
#endif

namespace heed::blas {

void multiply(Tensor& c, const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, double beta,
              double alpha) {
  product::start();
  if (a.rank() != 2 || b.rank() != 2 || c.rank() != 2)
    throw Error("matrix product: wants matrices, got {} and {}", describe(a), describe(b));
  const int64_t m = a.shape()[transpose_a ? 1 : 0], k = a.shape()[transpose_a ? 0 : 1];
  const int64_t n = b.shape()[transpose_b ? 0 : 1], k_b = b.shape()[transpose_b ? 1 : 0];
  if (k != k_b)
    throw Error("matrix product: inner sizes {} and {} differ: {} and {}", k, k_b, describe(a), describe(b));
  if (c.shape()[0] != m || c.shape()[1] != n)
    throw Error("matrix product: the result {} should be [{}, {}]", describe(c), m, n);
  if (a.dtype() != b.dtype() || a.dtype() != c.dtype() || !is_float(a.dtype()))
    throw Error("matrix product: {} and {} are not of one floating type", describe(a), describe(b));
  if (m == 0 || n == 0) return;  // k == 0 is fine: c is scaled by beta
  const bool row_major = (c.strides()[1] == 1 || n == 1) && (c.strides()[0] >= n || m == 1);
  if (!row_major) {  // go by a place that is
    Tensor dense = densify(c);
    multiply(dense, a, transpose_a, b, transpose_b, beta, alpha);
    return copy_into(c, dense);
  }
  count_product(m, k, n);
  if (wanted_precision(c.dtype(), k, n) != Precision::bf16)
    return product::multiply(c, a, transpose_a, b, transpose_b, beta, alpha);
  if (pair_product::available()) return pair_product::multiply(c, a, transpose_a, b, transpose_b, beta, alpha);
  product::multiply(c, rounded_to_bf16(a), transpose_a, rounded_to_bf16(b), transpose_b, beta, alpha);
}

std::string core_name() {
  product::start();
  return product::core_name();
}

}  // namespace heed::blas
