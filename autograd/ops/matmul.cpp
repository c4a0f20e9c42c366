#include "autograd/ops/matmul.h"

#include "autograd/kernels/blas.h"
#include "autograd/kernels/in_place.h"
#include "autograd/kernels/packed_weights.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/record.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"

namespace heed {
namespace {

Tensor swap_last(const Tensor& x) { return transpose(x, -2, -1); }

void check_types(const char* operation, const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype() || !is_float(a.dtype()))
    throw Error("{}: wants numbers of one type, f32 or f64, got {} and {}; cast with to()", operation, describe(a),
                describe(b));
}

[[noreturn]] void inner_sizes_differ(const char* operation, const Tensor& a, const Tensor& b) {
  throw Error("{}: inner sizes differ: a = {}, b = {}", operation, describe(a), describe(b));
}

// [.., K] -> [M, K]
Tensor as_rows(const Tensor& x) {
  if (x.rank() == 2) return x;
  int64_t rows = 1;
  for (int axis = 0; axis + 1 < x.rank(); ++axis) rows *= x.size(axis);
  return reshape(x, {rows, x.size(-1)});
}

// --- one matrix times one matrix: [M,K] [K,N]
Tensor matmul2(const Tensor& a, const Tensor& b) {
  if (a.size(1) != b.size(0)) inner_sizes_differ("matmul", a, b);
  Tensor y = Tensor::empty({a.size(0), b.size(1)}, a.dtype());
  blas::multiply(y, a, false, b, false);
  const auto pullback = [a, b](const Tensor& dy, Adjoints& d) {
    if (d.wanted(0)) d.add(0, matmul(dy, swap_last(b)));
    d.add_product(1, a, dy);
  };
  const auto kernel = [a, b](const Tensor& dy, InPlace& d) {
    if (d.wanted(0)) {
      const InPlace::Place da = d.place(0, a);
      blas::multiply(da.buffer, dy, false, b, true, da.fresh ? 0 : 1);
    }
    d.add_product(1, a, dy);
  };
  return record("matmul", {a, b}, y, pullback, kernel);
}

// --- a stack of matrices, leading axes broadcast. Each matrix is one product.
Tensor matrix_at(const Tensor& x, const Shape& lead, int64_t index) {
  const int lead_rank = x.rank() - 2;
  int64_t offset = 0;
  for (int axis = lead.rank(); axis-- > 0;) {
    const int64_t i = index % lead[axis];
    index /= lead[axis];
    const int mine = axis - (lead.rank() - lead_rank);
    if (mine >= 0 && x.shape()[mine] != 1) offset += i * x.strides()[mine];
  }
  Strides strides{};
  strides[0] = x.strides()[lead_rank];
  strides[1] = x.strides()[lead_rank + 1];
  return x.view({x.shape()[lead_rank], x.shape()[lead_rank + 1]}, strides, offset);
}

Shape lead_of(const Tensor& x) {
  Shape lead;
  for (int i = 0; i + 2 < x.rank(); ++i) lead.push_back(x.shape()[i]);
  return lead;
}

Shape common_lead(const Tensor& a, const Tensor& b) {
  try {
    return broadcast(lead_of(a), lead_of(b), "matmul");
  } catch (const Error&) {
    throw Error("matmul: the axes before those of the matrices do not broadcast: a = {}, b = {}", describe(a),
                describe(b));
  }
}

// y += op(a) op(b) for every matrix; axes along which y is broadcast are summed.
void multiply_all(Tensor& y, const Tensor& a, bool ta, const Tensor& b, bool tb, const Shape& lead, double beta) {
  const int64_t count = lead.numel();
  for (int64_t i = 0; i < count; ++i) {
    Tensor to = matrix_at(y, lead, i);
    blas::multiply(to, matrix_at(a, lead, i), ta, matrix_at(b, lead, i), tb, beta);
  }
}

void add_batched(InPlace& d, int input, const Tensor& like, const Tensor& a, bool ta, const Tensor& b, bool tb,
                 const Shape& lead) {
  if (!d.wanted(input)) return;
  const InPlace::Place to = d.place(input, like);
  const bool summed = lead_of(like).numel() != lead.numel();
  if (to.fresh && (summed || lead.numel() == 0)) zero_fill(to.buffer);
  multiply_all(to.buffer, a, ta, b, tb, lead, to.fresh && !summed ? 0 : 1);
}

Tensor matmul_batched(const Tensor& a, const Tensor& b) {
  if (a.size(-1) != b.size(-2)) inner_sizes_differ("matmul", a, b);
  const Shape lead = common_lead(a, b);
  Shape shape = lead;
  shape.push_back(a.size(-2));
  shape.push_back(b.size(-1));
  Tensor y = Tensor::empty(shape, a.dtype());
  multiply_all(y, a, false, b, false, lead, 0);
  const auto pullback = [a, b](const Tensor& dy, Adjoints& d) {
    if (d.wanted(0)) d.add_broadcast(0, matmul(dy, swap_last(b)));
    if (d.wanted(1)) d.add_broadcast(1, matmul(swap_last(a), dy));
  };
  const auto kernel = [a, b, lead](const Tensor& dy, InPlace& d) {
    add_batched(d, 0, a, dy, false, b, true, lead);
    add_batched(d, 1, b, a, true, dy, false, lead);
  };
  return record("matmul", {a, b}, y, pullback, kernel);
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b) {
  check_defined("matmul", a, b);
  if (a.rank() == 0 || b.rank() == 0)
    throw Error("matmul: wants vectors or matrices, got {} and {}", describe(a), describe(b));
  check_types("matmul", a, b);
  if (a.rank() == 1) {
    if (a.size(0) != b.size(b.rank() == 1 ? 0 : -2)) inner_sizes_differ("matmul", a, b);
    const Tensor y = matmul(unsqueeze(a, 0), b);
    return squeeze(y, b.rank() == 1 ? -1 : -2);
  }
  if (b.rank() == 1) {
    if (a.size(-1) != b.size(0)) inner_sizes_differ("matmul", a, b);
    return squeeze(matmul(a, unsqueeze(b, 1)), -1);
  }
  if (a.rank() == 2 && b.rank() == 2) return matmul2(a, b);
  if (b.rank() == 2) {  // all matrices of a meet the same b: one tall product
    if (a.size(-1) != b.size(0)) inner_sizes_differ("matmul", a, b);
    Shape shape = a.shape();
    shape[a.rank() - 1] = b.size(1);
    return reshape(matmul2(as_rows(a), b), shape);
  }
  return matmul_batched(a, b);
}

Tensor addmm(const Tensor& c, const Tensor& a, const Tensor& b, double beta, double alpha) {
  check_defined("addmm", c, a, b);
  return composed("addmm", [&] {
    const Tensor product = matmul(a, b);
    const Tensor y = alpha == 1 ? product : product * alpha;
    if (beta == 0)
      return expand(y, broadcast(c.shape(), y.shape(), "the sum"));  // c is not looked at, as BLAS has it
    return (beta == 1 ? c : c * beta) + y;
  });
}

namespace {

// y [N,O] = base + x W^T, where base is [N,O], or [O] to be added to every row, or undefined.
Tensor linear_rows(const Tensor& x, const Tensor& weight, const Tensor& base) {
  Tensor y = Tensor::empty({x.size(0), weight.size(0)}, x.dtype());
  if (base) copy_into(y, base.rank() == 2 ? base : base.view(y.shape(), {0, base.strides()[0]}));
  multiply_by_weight(y, x, weight, true, bool(base));
  const auto others = [](const Tensor& rows, const Tensor& dy, Adjoints& d) {
    d.add_product(1, dy, rows);
    d.add_broadcast(2, dy);
  };
  const auto pullback = [x, weight, others](const Tensor& dy, Adjoints& d) {
    if (d.wanted(0)) d.add(0, matmul(dy, weight));
    others(x, dy, d);
  };
  const auto kernel = [x, weight, others](const Tensor& dy, InPlace& d) {
    if (d.wanted(0)) {
      const InPlace::Place dx = d.place(0, x);
      multiply_by_weight(dx.buffer, dy, weight, false, !dx.fresh);
    }
    others(x, dy, d);
  };
  return record("linear", {x, weight, base}, y, pullback, kernel);
}

bool same_rows(const Tensor& a, const Tensor& b) {
  if (a.rank() != b.rank()) return false;
  for (int i = 0; i + 1 < a.rank(); ++i)
    if (a.size(i) != b.size(i)) return false;
  return true;
}

Tensor linear_any(const char* name, const Tensor& x, const Tensor& weight, const Tensor& base) {
  if (x.rank() == 0 || weight.rank() != 2 || x.size(-1) != weight.size(1)) inner_sizes_differ(name, x, weight);
  check_types(name, x, weight);
  if (base && (base.rank() == 0 || base.size(-1) != weight.size(0)))
    throw Error("{}: {} does not fit the {} rows of {}", name, describe(base), weight.size(0), describe(weight));
  if (base && (base.dtype() != x.dtype() || (base.rank() > 1 && !same_rows(base, x))))
    throw Error("{}: {} cannot be added to the product of {} and {}", name, describe(base), describe(x),
                describe(weight));
  Shape shape = x.shape();
  shape[x.rank() - 1] = weight.size(0);
  const Tensor y = linear_rows(as_rows(x), weight, base && base.rank() > 1 ? as_rows(base) : base);
  return x.rank() == 2 ? y : reshape(y, shape);
}

}  // namespace

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  check_defined("linear", x, weight);
  if (bias && bias.rank() != 1)
    throw Error("linear: the bias must be [O], got {}; see linear_onto()", describe(bias));
  return linear_any("linear", x, weight, bias);
}

Tensor linear_onto(const Tensor& base, const Tensor& x, const Tensor& weight) {
  check_defined("linear_onto", base, x, weight);
  return linear_any("linear_onto", x, weight, base);
}

Tensor bilinear(const Tensor& x1, const Tensor& x2, const Tensor& weight, const Tensor& bias) {
  check_defined("bilinear", x1, x2, weight);
  if (weight.rank() != 3 || x1.rank() == 0 || x2.rank() == 0 || x1.size(-1) != weight.size(1) ||
      x2.size(-1) != weight.size(2))
    throw Error("bilinear: {} and {} do not fit {}", describe(x1), describe(x2), describe(weight));
  return composed("bilinear", [&] {
    // [N, O, J] = x1 A, then the product with x2 summed over J
    const int64_t outputs = weight.size(0), i = weight.size(1), j = weight.size(2);
    const Tensor flat = reshape(transpose(weight, 0, 1), {i, outputs * j});
    Shape apart = x1.shape();
    apart[apart.rank() - 1] = outputs;
    apart.push_back(j);
    const Tensor left = reshape(matmul(x1, flat), apart);
    const Tensor y = squeeze(matmul(left, unsqueeze(x2, -1)), -1);
    return bias ? y + bias : y;
  });
}

}  // namespace heed
