// Derivatives of a function y = f(x), with the Jacobian J = dy/dx and, of a function with one number as its value, the
// Hessian H.
//
//     const auto f = [](const std::vector<Tensor>& x) { return tanh(matmul(x[0], x[1])); };
//     auto [y, dx] = vjp(f, {a, b}, {u});          // J^T u, by one walk back
//     auto [y, dy] = jvp(f, {a, b}, {va, vb});     // J v, with as many inputs as you like
//
// Only vjp has rules, the pullbacks. J^T u is linear in u, and its derivative by u is J: so J v is the gradient of
// <J^T u, v> by u, found by a tape around the walk back. A function may be given as anything that takes a vector of
// tensors and returns a Tensor, a vector or an array of them. Under a tape of the caller's own all results are
// recorded, and so can be differentiated, as far as its operations go (zip: to the second order in all).
//
// Errors name the function here (vjp, ..) and the tensor that is undefined, whole-numbered, or of another shape.
#pragma once

#include <functional>
#include <type_traits>
#include <vector>

#include "autograd/base/tensor.h"
#include "autograd/tape/parameters.h"

namespace heed {

using VectorFunction = std::function<std::vector<Tensor>(const std::vector<Tensor>&)>;

// f as one, whatever it returns.
template <class F>
VectorFunction vector_function(F f) {
  return [f](const std::vector<Tensor>& x) -> std::vector<Tensor> {
    auto y = f(x);
    if constexpr (std::is_convertible_v<decltype(y), Tensor>) return {y};
    else return {y.begin(), y.end()};
  };
}

struct Products {
  std::vector<Tensor> values;    // y
  std::vector<Tensor> products;  // of J
};

namespace detail {
Products vjp(const VectorFunction& f, const std::vector<Tensor>& x, const std::vector<Tensor>& u);
Products jvp(const VectorFunction& f, const std::vector<Tensor>& x, const std::vector<Tensor>& v);
std::vector<Tensor> hvp(const VectorFunction& f, const std::vector<Tensor>& x, const std::vector<Tensor>& v);
Tensor jacobian(const VectorFunction& f, const Tensor& x);
Tensor hessian(const VectorFunction& f, const Tensor& x);
}  // namespace detail

// y and J^T u: u like the outputs, the products like the inputs. A walk back.
template <class F>
Products vjp(F f, const std::vector<Tensor>& x, const std::vector<Tensor>& u) {
  return detail::vjp(vector_function(f), x, u);
}
// y and J v: v like the inputs, the products like the outputs. About four times the cost of f (docs/derivatives.md).
template <class F>
Products jvp(F f, const std::vector<Tensor>& x, const std::vector<Tensor>& v) {
  return detail::jvp(vector_function(f), x, v);
}
// H v of a function that gives one number, like the inputs: two walks back, whatever their size (Pearlmutter 1994).
template <class F>
std::vector<Tensor> hvp(F f, const std::vector<Tensor>& x, const std::vector<Tensor>& v) {
  return detail::hvp(vector_function(f), x, v);
}
// dy/dx of one output by one input, [y's axes.., x's axes..]; f takes x itself. A walk back for each number of y.
template <class F>
Tensor jacobian(F f, const Tensor& x) {
  return detail::jacobian([f](const std::vector<Tensor>& one) { return std::vector<Tensor>{f(one[0])}; }, x);
}
// d^2 y / dx dx of a function that gives one number, [x's axes.., x's axes..]. A walk back for each number of x.
template <class F>
Tensor hessian(F f, const Tensor& x) {
  return detail::hessian([f](const std::vector<Tensor>& one) { return std::vector<Tensor>{f(one[0])}; }, x);
}

// The norm of each example's gradient by all parameters: `losses` gives the losses [B] of a batch. Which examples are
// odd, or mislabelled, or drive the training? A walk back for each of them, over one forward pass.
std::vector<double> gradient_norms(const std::function<Tensor()>& losses, const Parameters& parameters);

}  // namespace heed
