#include "autograd/functional/derivatives.h"

#include <cmath>

#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"

namespace heed {
namespace {

using Tensors = std::vector<Tensor>;

void check_numbers(const char* name, const char* what, const Tensors& tensors) {
  for (size_t i = 0; i < tensors.size(); ++i)
    if (!tensors[i] || !is_float(tensors[i].dtype()))
      throw Error("{}: {} {} is {}; a derivative wants f32 or f64 numbers", name, what, i, describe(tensors[i]));
}

// Whether `vectors` can be multiplied with what belongs to `tensors`.
void check_alike(const char* name, const char* what, const Tensors& tensors, const Tensors& vectors) {
  if (tensors.size() != vectors.size())
    throw Error("{}: {} vectors were given for {} {}s", name, vectors.size(), tensors.size(), what);
  check_numbers(name, "vector", vectors);
  for (size_t i = 0; i < tensors.size(); ++i)
    if (!(tensors[i].shape() == vectors[i].shape()) || tensors[i].dtype() != vectors[i].dtype())
      throw Error("{}: {} {} is {}, but its vector {}", name, what, i, describe(tensors[i]), describe(vectors[i]));
}

Tensors values_of(const Gradients& gradients) { return {gradients.begin(), gradients.end()}; }

// Each input as a value of its own: one that is given twice has two derivatives.
Tensors apart(const Tensors& x) {
  Tensors own;
  for (const Tensor& input : x) own.push_back(recording() ? reshape(input, input.shape()) : detach(input));
  return own;
}

Tensors outputs_of(const char* name, const VectorFunction& f, const Tensors& x) {
  Tensors y = f(x);
  check_numbers(name, "output", y);
  return y;
}

Tensor one_number(const char* name, const VectorFunction& f, const Tensors& x) {
  const Tensors y = outputs_of(name, f, x);
  if (y.size() != 1 || y[0].numel() != 1)
    throw Error("{}: wants a function that gives one number, this one gives {}", name,
                y.empty() ? "nothing" : describe(y[0]));
  return reshape(y[0], {});
}

// Zeros with a 1 at number `i`.
Tensor unit(const Tensor& like, int64_t i) {
  Tensor one = Tensor::zeros(like.shape(), like.dtype());
  dispatch_float(like.dtype(), "unit", [&]<class T>(T) { one.mutable_data<T>()[i] = 1; });
  return one;
}

// The gradients of the numbers of y by x, one below the other: [y's axes.., x's axes..]. The tape keeps its values.
Tensor rows_of_jacobian(const char* name, Tape& tape, const Tensor& y, const Tensor& x) {
  Shape shape = y.shape();
  if (shape.rank() + x.rank() > kMaxRank)
    throw Error("{}: of {} by {} it would have more than {} axes; reshape() them first", name, describe(y),
                describe(x), kMaxRank);
  for (const int64_t size : x.shape()) shape.push_back(size);
  Tensors rows;
  for (int64_t i = 0; i < y.numel(); ++i) rows.push_back(tape.gradients({y}, {unit(y, i)}, {x})[0]);
  return rows.empty() ? Tensor::zeros(shape, x.dtype()) : reshape(stack(rows), shape);
}

}  // namespace

Products detail::vjp(const VectorFunction& f, const Tensors& given, const Tensors& u) {
  check_numbers("vjp", "input", given);
  const Tensors x = apart(given);
  Tape tape;
  const Tensors y = outputs_of("vjp", f, x);
  check_alike("vjp", "output", y, u);
  return {y, values_of(tape.gradients(y, u, x))};
}

Products detail::jvp(const VectorFunction& f, const Tensors& given, const Tensors& v) {
  check_numbers("jvp", "input", given);
  check_alike("jvp", "input", given, v);
  const Tensors x = apart(given);
  Tape outer;
  Tensors y, u, dx;
  {
    Tape inner;
    y = outputs_of("jvp", f, x);
    for (const Tensor& output : y) u.push_back(Tensor::zeros(output.shape(), output.dtype()));
    dx = values_of(inner.gradients(y, u, x));
  }
  return {y, values_of(outer.gradients(dx, v, u))};
}

std::vector<Tensor> detail::hvp(const VectorFunction& f, const Tensors& given, const Tensors& v) {
  check_numbers("hvp", "input", given);
  check_alike("hvp", "input", given, v);
  const Tensors x = apart(given);
  Tape outer;
  Tape inner;
  const Tensors dx = values_of(inner.gradients(one_number("hvp", f, x), x));
  return values_of(outer.gradients(dx, v, x));
}

Tensor detail::jacobian(const VectorFunction& f, const Tensor& given) {
  check_numbers("jacobian", "input", {given});
  const Tensors x = apart({given});
  Tape tape({.keep = true});
  const Tensors y = outputs_of("jacobian", f, x);
  return rows_of_jacobian("jacobian", tape, y.at(0), x[0]);
}

Tensor detail::hessian(const VectorFunction& f, const Tensor& given) {
  check_numbers("hessian", "input", {given});
  const Tensors x = apart({given});
  Tape outer({.keep = true});
  Tape inner;
  const Tensor dx = inner.gradients(one_number("hessian", f, x), x)[0];
  return rows_of_jacobian("hessian", outer, dx, x[0]);
}

std::vector<double> gradient_norms(const std::function<Tensor()>& losses, const Parameters& parameters) {
  Tape tape({.keep = true});
  const Tensor each = losses();
  check_defined("gradient_norms", each);
  if (each.rank() != 1) throw Error("gradient_norms: wants the losses of a batch, [B], got {}", describe(each));
  std::vector<double> norms;
  for (int64_t b = 0; b < each.numel(); ++b) {
    const Gradients gradients = tape.gradients({each}, {unit(each, b)}, parameters.tensors());
    const Untaped pause;
    double squares = 0;
    for (const Tensor& g : gradients) squares += sum(square(to(g, DType::f64))).item();
    norms.push_back(std::sqrt(squares));
  }
  return norms;
}

}  // namespace heed
