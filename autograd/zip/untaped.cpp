#include "autograd/zip/untaped.h"

#include <cmath>

namespace heed {
namespace detail {
namespace {

// The row function for the operands' type, and the shape under which all are seen.
RowFunction checked_row(const char* name, const RowsOfAll& rows, std::span<const Tensor* const> x, Shape& shape) {
  for (size_t i = 0; i < x.size(); ++i)
    if (!*x[i]) throw_undefined_operand(name, i);
  const DType dtype = x[0]->dtype();
  const RowFunction row = dtype == DType::f32 ? rows.f32 : dtype == DType::f64 ? rows.f64 : rows.i64;
  shape = x[0]->shape();
  for (size_t i = 0; i < x.size(); ++i) {
    if (!row) throw Error("{}: wants i64 numbers, operand {} is {}; cast with to()", name, i, describe(*x[0]));
    if (x[i]->dtype() != dtype)
      throw Error("{}: operand {} is {} and operand 0 is {}; all must be of one type, cast with to()", name, i,
                  describe(*x[i]), describe(*x[0]));
    shape = broadcast(shape, x[i]->shape(), name);
  }
  return row;
}

}  // namespace

Tensor apply_untaped(const char* name, const RowsOfAll& rows, const void* object, std::span<const Tensor* const> x) {
  Shape shape;
  const RowFunction row = checked_row(name, rows, x, shape);
  Tensor y = Tensor::empty(shape, x[0]->dtype());
  Tensor* const out[] = {&y};
  const Write write[] = {Write::store};
  // It is of the operands' type, whichever is taken, and nothing is summed.
  run_rows({row, row, 0}, object, shape, x, out, write);
  return y;
}

}  // namespace detail

Tensor scalar_like(const char* name, const Tensor& x, double c) {
  check_defined(name, x);
  if (x.dtype() == DType::i64 && (c != std::trunc(c) || std::abs(c) >= 0x1p63))
    throw Error("{}: {} is no whole number of 64 bits, {} holds such; cast with to()", name, c, describe(x));
  return Tensor::full({}, c, x.dtype());
}

}  // namespace heed
