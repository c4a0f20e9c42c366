// Gradients of views are summed inside the gradient of what they are views of; every way that this can go is
// here.
#include <cmath>

#include "autograd/check/gradcheck.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Tensors = std::vector<Tensor>;

namespace {

Tensor ripples(const Shape& shape, double shift = 0) {
  Tensor x = Tensor::empty(shape, DType::f64);
  for (int64_t i = 0; i < x.numel(); ++i) x.mutable_data<double>()[i] = std::sin(1.3 * double(i + 1) + shift);
  return x;
}

// The function of a leaf, and the same of a value computed on the tape, in both orders.
void check_view(const char* name, const std::function<Tensors(const Tensor&)>& f, const Shape& shape) {
  const auto of_leaf = [&](const Tensors& x) { return f(x[0]); };
  const auto of_value = [&](const Tensors& x) {
    Tensors y = f(tanh(x[0]));
    y.push_back(x[0] * x[0]);
    return y;
  };
  for (const auto& report : {gradcheck_outputs(name, of_leaf, {ripples(shape)}, {.second_order = true}),
                             gradcheck_outputs(name, of_value, {ripples(shape)}, {.second_order = true})}) {
    INFO(report.text());
    CHECK(report.passed());
  }
}

}  // namespace

TEST_CASE("gradients of slices", "[tape][views]") {
  check_view("rows", [](const Tensor& x) { return Tensors{x[0] * x[1], exp(x[2])}; }, {3, 2});
  check_view("one row twice", [](const Tensor& x) { return Tensors{x[1] * x[1], x[1]}; }, {3, 2});
  check_view("overlapping", [](const Tensor& x) { return Tensors{slice(x, 0, 0, 3) * slice(x, 0, 1, 4)}; },
        {4, 2});
  check_view("overlapping columns",
        [](const Tensor& x) {
          return Tensors{slice(x, 1, 0, 3) * slice(x, 1, 1, 4), x};
        },
        {2, 4});
  check_view("steps",
        [](const Tensor& x) {
          return Tensors{slice(x, 1, 0, 5, 2) * slice(x, 1, 1, 6, 2), exp(x)};
        },
        {2, 6});
  check_view("empty", [](const Tensor& x) { return Tensors{slice(x, 0, 1, 1) * 2.0, x * 1.5}; }, {2, 3});
  check_view("chunks",
        [](const Tensor& x) {
          const Tensors part = chunk(x, 3, -1);
          return Tensors{part[0] * part[2], tanh(part[1]) + part[2]};
        },
        {2, 6});
}

TEST_CASE("gradients of views of views", "[tape][views]") {
  check_view("slice of transpose",
        [](const Tensor& x) {
          return Tensors{exp(transpose(x, 0, 1)[1]), x * x};
        },
        {3, 2});
  check_view("transpose of slice",
        [](const Tensor& x) { return Tensors{exp(transpose(slice(x, 1, 1, 3), 0, 1))}; }, {2, 3});
  check_view("reshape of slice",
        [](const Tensor& x) {
          return Tensors{square(reshape(x[1], {3, 2})), exp(x[1])};
        },
        {2, 6});
  check_view("reshape that copies",
             [](const Tensor& x) { return Tensors{exp(reshape(transpose(x, 0, 1), {6}))}; }, {2, 3});
  check_view("reshape of reshape",
        [](const Tensor& x) {
          return Tensors{sin(reshape(reshape(x, {6}), {3, 2})), x};
        },
        {2, 3});
  check_view("expanded",
             [](const Tensor& x) {
               return Tensors{exp(expand(unsqueeze(x, 1), {2, 4, 3}))};
             },
             {2, 3});
  check_view("squeezed", [](const Tensor& x) { return Tensors{squeeze(unsqueeze(x, 1), 1) * x}; }, {2, 3});
  check_view("slice of slice",
        [](const Tensor& x) {
          return Tensors{exp(slice(slice(x, 0, 1, 4), 0, 1, 3)), x[2] * x[3]};
        },
        {4, 2});
}

TEST_CASE("two views of one tensor in one operation", "[tape][views]") {
  check_view("with its transpose", [](const Tensor& x) { return Tensors{x * transpose(x, 0, 1)}; }, {3, 3});
  check_view("its transpose first", [](const Tensor& x) { return Tensors{transpose(x, 0, 1) * x}; }, {3, 3});
  check_view("with a permutation",
             [](const Tensor& x) {
               return Tensors{x * permute(x, {1, 0, 2})};
             },
             {2, 2, 3});
  check_view("permutation first",
        [](const Tensor& x) {
          return Tensors{permute(x, {1, 0, 2}) * x + x};
        },
        {2, 2, 3});
  check_view("with a reshape",
        [](const Tensor& x) {
          return Tensors{x * reshape(reshape(x, {4}), {2, 2})};
        },
        {2, 2});
  check_view("with its rows", [](const Tensor& x) { return Tensors{x * x[1], x[0] + x}; }, {3, 2});
  check_view("with its column", [](const Tensor& x) { return Tensors{x * slice(x, 1, 2, 3)}; }, {2, 3});
  check_view("matmul with its transpose",
             [](const Tensor& x) { return Tensors{matmul(x, transpose(x, 0, 1))}; }, {3, 2});
  check_view("matmul with itself",
        [](const Tensor& x) {
          return Tensors{matmul(x, x), matmul(transpose(x, 0, 1), x)};
        },
        {3, 3});
  check_view("joined with itself",
        [](const Tensor& x) {
          return Tensors{exp(concat({x, slice(x, 0, 1, 2), x}, 0)), x};
        },
        {2, 2, 1});
  check_view("stacked rows",
             [](const Tensor& x) {
               return Tensors{exp(stack({x[1], x[0], x[1]}, 1))};
             },
             {2, 3});
}

TEST_CASE("a view's gradient arrives after that of the whole, and before", "[tape][views]") {
  const auto late = [](const Tensor& x) {
    const Tensor row0 = x[0], row1 = x[1];
    const Tensor whole = contiguous(transpose(x, 0, 1));  // its gradient is handed on, not summed in place
    return Tensors{row0 * 2.0, row1 * row0, whole, exp(row1), sum_to(x, {1, 3})};
  };
  check_view("late", late, {2, 3});
  const auto early = [](const Tensor& x) {
    const Tensor joined = concat({x, x}, 0), row = x[1];
    return Tensors{sin(row), joined, row * x[0], neg(x)};
  };
  check_view("early", early, {2, 3});
}

TEST_CASE("gates cut from one projection, as in every recurrent layer", "[tape][views]") {
  const Tensors inputs{ripples({2, 3}), ripples({8, 3}, 1), ripples({8}, 2), ripples({2, 2}, 3)};
  const auto f = [](const Tensors& x) {
    Tensor c = x[3], h = tanh(c);
    for (int t = 0; t < 2; ++t) {
      const Tensors gate = chunk(linear(x[0], x[1], x[2]) * sum(h), 4, -1);
      c = sigmoid(gate[1]) * c + sigmoid(gate[0]) * tanh(gate[2]);
      h = sigmoid(gate[3]) * tanh(c);
    }
    return Tensors{h, c};
  };
  const GradcheckReport report = gradcheck("gates", f, inputs, {.second_order = true});
  INFO(report.text());
  CHECK(report.passed());
}

TEST_CASE("weights cut from one parameter, used at every step", "[tape][views]") {
  const Tensors inputs{ripples({2, 3}), ripples({6, 3}, 1)};
  const auto f = [](const Tensors& x) {
    const Tensors half = chunk(x[1], 2, 0);
    Tensor h = x[0];
    for (int t = 0; t < 3; ++t) h = tanh(linear(h, half[0])) + linear(h, half[1]) * 0.3;
    return Tensors{h};
  };
  const GradcheckReport report = gradcheck("halves", f, inputs, {.second_order = true});
  INFO(report.text());
  CHECK(report.passed());
}
