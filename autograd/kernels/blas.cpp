#include "autograd/kernels/blas.h"

#include <algorithm>

#include "autograd/base/flops.h"
#include "autograd/kernels/in_place.h"
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
namespace {

// Columns [begin, end) of a matrix, or rows.
Tensor part(const Tensor& x, int axis, int64_t begin, int64_t end) {
  Shape shape = x.shape();
  shape[axis] = end - begin;
  return x.view(shape, x.strides(), begin * x.strides()[axis]);
}

// A product whose sums are long. Strips of c come one after the other, so that their totals need little room.
void multiply_long(Tensor& c, const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, double beta,
                   double alpha, int64_t terms) {
  const int64_t k = a.size(transpose_a ? 0 : 1);
  const int axis = c.size(0) > c.size(1) ? 0 : 1;
  const int64_t length = c.size(axis), most = std::max<int64_t>(64, (1 << 20) / c.size(1 - axis));
  for (int64_t begin = 0; begin < length; begin += most) {
    const int64_t end = std::min(begin + most, length);
    Tensor strip = part(c, axis, begin, end);
    const Tensor left = axis == 0 ? part(a, transpose_a ? 1 : 0, begin, end) : a;
    const Tensor right = axis == 1 ? part(b, transpose_b ? 0 : 1, begin, end) : b;
    Tensor sums = Tensor::empty(strip.shape(), DType::f32);
    Tensor total = Tensor::zeros(strip.shape(), DType::f64);
    if (beta != 0) add_in_place(total, copy_of(strip, DType::f64), beta);
    double* const to = total.mutable_data<double>();
    for (int64_t from = 0; from < k; from += terms) {
      const int64_t until = std::min(from + terms, k);
      multiply(sums, part(left, transpose_a ? 0 : 1, from, until), transpose_a,
               part(right, transpose_b ? 1 : 0, from, until), transpose_b, 0, alpha);
      const float* const some = sums.data<float>();
      for (int64_t i = 0; i < sums.numel(); ++i) to[i] += static_cast<double>(some[i]);
    }
    copy_into(strip, copy_of(total, DType::f32));
  }
}

}  // namespace

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
  const Precision precision = wanted_precision(c.dtype(), k, n);
  // Rounded factors have few digits to lose, and are wanted for speed.
  const int64_t terms = most_terms(precision == Precision::f32 ? m * n : kFewResults + 1);
  if (c.dtype() == DType::f32 && k > terms)
    return multiply_long(c, a, transpose_a, b, transpose_b, beta, alpha, terms);
  count_product(m, k, n);
  if (precision != Precision::bf16) return product::multiply(c, a, transpose_a, b, transpose_b, beta, alpha);
  if (pair_product::available()) return pair_product::multiply(c, a, transpose_a, b, transpose_b, beta, alpha);
  product::multiply(c, rounded_to_bf16(a), transpose_a, rounded_to_bf16(b), transpose_b, beta, alpha);
}

std::string core_name() {
  product::start();
  return product::core_name();
}

}  // namespace heed::blas
