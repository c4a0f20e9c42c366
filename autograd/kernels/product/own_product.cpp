#include "autograd/kernels/product/own_product.h"

#include "autograd/kernels/product/operand.h"
#include "autograd/kernels/product/panels.h"
#include "autograd/kernels/registers.h"

namespace heed::own_product {
namespace {

// A chain of additions in f32 loses digits as it grows: a thousand times 0.3 is wrong by 5e-6. So chains have this length,
// which costs nothing that could be measured, ..
constexpr int64_t kDepth = 64;
// .. and so many of them are added one after the other.
constexpr int64_t kLong = 16 * kDepth;

// a [M, K], b [K, N]; the sums grow block by block.
template <class T>
void multiply_blocks(Tensor& c, const Operand<T>& a, const Operand<T>& b, int64_t k, T beta, T alpha) {
  const int64_t m = c.size(0), n = c.size(1), c_step = c.strides()[0];
  T* const to = c.mutable_data<T>();
  if (k == 0 || (beta != 0 && beta != 1)) scale(to, c_step, m, n, beta);
  const bool in_rows = a.column_step == 1 && alpha == 1;
  const int64_t deepest = std::min(k, kDepth);
  Tensor panel_room, row_room;
  T* const panels = room_for<T>(panel_room, deepest * in_panels<T>(n));
  T* const rows = in_rows ? nullptr : room_for<T>(row_room, deepest * std::min(m, kHigh));
  for (int64_t first = 0; first < k; first += kDepth) {
    const int64_t depth = std::min(k - first, kDepth);
    fill_panels(panels, b.from(first, 0).numbers, b.row_step, b.column_step, depth, n);
    for (int64_t i = 0; i < m; i += kHigh) {
      const int64_t high = std::min(m - i, kHigh);
      const Operand<T> block = a.from(i, first);
      if (!in_rows) copy_rows(rows, block, high, depth, alpha);
      multiply_panels<Single<T>>(to + i * c_step, c_step, in_rows ? block.numbers : rows,
                                 in_rows ? a.row_step : depth, panels, high, depth, n, beta != 0 || first > 0);
    }
  }
}

// The same, with the sums of halves, of their halves and so on added in the end.
template <class T>
void multiply_halves(Tensor& c, const Operand<T>& a, const Operand<T>& b, int64_t k, T beta, T alpha) {
  if (k <= kLong) return multiply_blocks(c, a, b, k, beta, alpha);
  const int64_t half = (k / 2 + kDepth - 1) / kDepth * kDepth;
  multiply_halves(c, a, b, half, beta, alpha);
  Tensor rest = Tensor::empty(c.shape(), c.dtype());
  multiply_halves(rest, a.from(0, half), b.from(half, 0), k - half, T(0), alpha);
  for (int64_t i = 0; i < c.size(0); ++i)
    add_row(c.mutable_data<T>() + i * c.strides()[0], rest.data<T>() + i * c.size(1), c.size(1));
}

}  // namespace

void multiply(Tensor& c, const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, double beta,
              double alpha) {
  dispatch_float(c.dtype(), "matrix product", [&]<class T>(T) {
    multiply_halves(c, Operand<T>(a, transpose_a), Operand<T>(b, transpose_b), a.size(transpose_a ? 0 : 1),
                    static_cast<T>(beta), static_cast<T>(alpha));
  });
}

}  // namespace heed::own_product
