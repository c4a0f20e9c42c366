#include "autograd/kernels/product/openblas.h"

#include <cblas.h>

#include <limits>
#include <mutex>
#include <vector>

#include "autograd/kernels/product/product_room.h"

extern "C" {
void openblas_set_num_threads(int);
char* openblas_get_corename(void);
}

namespace heed::openblas {
namespace {

struct Matrix {
  Tensor tensor;
  bool transposed;  // as cblas sees it
  int64_t leading;
};

// A matrix as cblas wants it: rows or columns contiguous. A column-major one is the transpose
// of a row-major one.
Matrix as_matrix(const Tensor& x, bool transpose) {
  const int64_t rows = x.shape()[0], columns = x.shape()[1];
  const int64_t row_step = x.strides()[0], column_step = x.strides()[1];
  if ((column_step == 1 || columns == 1) && (row_step >= columns || rows == 1))
    return {x, transpose, std::max(rows == 1 ? columns : row_step, int64_t{1})};
  if ((row_step == 1 || rows == 1) && (column_step >= rows || columns == 1))
    return {x, !transpose, std::max(columns == 1 ? rows : column_step, int64_t{1})};
  return {densify(x), transpose, std::max(columns, int64_t{1})};
}

int checked(int64_t size) {
  if (size > std::numeric_limits<int>::max()) throw Error("matrix product: a size of {} is beyond 32 bits", size);
  return static_cast<int>(size);
}

template <class T>
void gemm(Tensor& c, const Matrix& a, const Matrix& b, int64_t k, double beta, double alpha) {
  const int64_t m = c.size(0), n = c.size(1);
  const auto op = [](bool transposed) { return transposed ? CblasTrans : CblasNoTrans; };
  const int ldc = checked(std::max<int64_t>(m == 1 ? n : c.strides()[0], 1));
  const int lda = checked(a.leading), ldb = checked(b.leading);
  const blas::ProductRoom room;
  if constexpr (std::is_same_v<T, float>)
    cblas_sgemm(CblasRowMajor, op(a.transposed), op(b.transposed), checked(m), checked(n), checked(k),
                static_cast<float>(alpha), a.tensor.data<T>(), lda, b.tensor.data<T>(), ldb, static_cast<float>(beta),
                c.mutable_data<T>(), ldc);
  else
    cblas_dgemm(CblasRowMajor, op(a.transposed), op(b.transposed), checked(m), checked(n), checked(k), alpha,
                a.tensor.data<T>(), lda, b.tensor.data<T>(), ldb, beta, c.mutable_data<T>(), ldc);
}

}  // namespace

// One thread, and a first product, so that OpenBLAS' own buffer exists before memory gets scarce. It must be large:
// OpenBLAS has ways without a buffer for small ones.
void start() {
  static std::once_flag once;
  std::call_once(once, [] {
    openblas_set_num_threads(1);
    constexpr int n = 256;
    std::vector<float> square(n * n), product(n * n);
    blas::require_first_room();
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, square.data(), n, square.data(), n, 0,
                product.data(), n);
  });
}

void multiply(Tensor& c, const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, double beta,
              double alpha) {
  const Matrix left = as_matrix(a, transpose_a), right = as_matrix(b, transpose_b);
  const int64_t k = a.size(transpose_a ? 0 : 1);
  if (c.dtype() == DType::f32) gemm<float>(c, left, right, k, beta, alpha);
  else gemm<double>(c, left, right, k, beta, alpha);
}

std::string core_name() { return openblas_get_corename(); }

}  // namespace heed::openblas
