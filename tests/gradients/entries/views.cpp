// Gradients of views are summed inside the gradient of what they are views of; every way that this
// can go is here.
#include "autograd/views/views.h"

#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/joins.h"
#include "autograd/zip/elementwise.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Tensors = std::vector<Tensor>;

// The function of a leaf, or of a value computed on the tape.
Entry view(const std::string& name, const std::function<Tensors(const Tensor&)>& f, const Shape& shape) {
  return {"views: " + name, [=](Draw& draw) {
            const bool computed = draw.chance(0.5);
            return sample(
                [=](const Tensors& x) {
                  if (!computed) return f(x[0]);
                  Tensors y = f(tanh(x[0]));
                  y.push_back(x[0] * x[0]);
                  return y;
                },
                {draw.numbers(shape)});
          }};
}

// Gradients of slices.
Entries slices() {
  return {
      view("rows",
           [](const Tensor& x) {
             return Tensors{x[0] * x[1], exp(x[2])};
           },
           {3, 2}),
      view("one row twice",
           [](const Tensor& x) {
             return Tensors{x[1] * x[1], x[1]};
           },
           {3, 2}),
      view("overlapping", [](const Tensor& x) { return Tensors{slice(x, 0, 0, 3) * slice(x, 0, 1, 4)}; }, {4, 2}),
      view("overlapping columns",
           [](const Tensor& x) {
             return Tensors{slice(x, 1, 0, 3) * slice(x, 1, 1, 4), x};
           },
           {2, 4}),
      view("steps",
           [](const Tensor& x) {
             return Tensors{slice(x, 1, 0, 5, 2) * slice(x, 1, 1, 6, 2), exp(x)};
           },
           {2, 6}),
      view("empty",
           [](const Tensor& x) {
             return Tensors{slice(x, 0, 1, 1) * 2.0, x * 1.5};
           },
           {2, 3}),
      view("chunks",
           [](const Tensor& x) {
             const Tensors part = chunk(x, 3, -1);
             return Tensors{part[0] * part[2], tanh(part[1]) + part[2]};
           },
           {2, 6}),
  };
}

// Gradients of views of views.
Entries views_of_views() {
  return {
      view("slice of transpose",
           [](const Tensor& x) {
             return Tensors{exp(transpose(x, 0, 1)[1]), x * x};
           },
           {3, 2}),
      view("transpose of slice", [](const Tensor& x) { return Tensors{exp(transpose(slice(x, 1, 1, 3), 0, 1))}; },
           {2, 3}),
      view("reshape of slice",
           [](const Tensor& x) {
             return Tensors{square(reshape(x[1], {3, 2})), exp(x[1])};
           },
           {2, 6}),
      view("reshape that copies", [](const Tensor& x) { return Tensors{exp(reshape(transpose(x, 0, 1), {6}))}; },
           {2, 3}),
      view("reshape of reshape",
           [](const Tensor& x) {
             return Tensors{sin(reshape(reshape(x, {6}), {3, 2})), x};
           },
           {2, 3}),
      view("expanded",
           [](const Tensor& x) {
             return Tensors{exp(expand(unsqueeze(x, 1), {2, 4, 3}))};
           },
           {2, 3}),
      view("squeezed", [](const Tensor& x) { return Tensors{squeeze(unsqueeze(x, 1), 1) * x}; }, {2, 3}),
      view("slice of slice",
           [](const Tensor& x) {
             return Tensors{exp(slice(slice(x, 0, 1, 4), 0, 1, 3)), x[2] * x[3]};
           },
           {4, 2}),
  };
}

// Two views of one tensor in one operation on single numbers.
Entries two_views() {
  return {
      view("with its transpose", [](const Tensor& x) { return Tensors{x * transpose(x, 0, 1)}; }, {3, 3}),
      view("its transpose first", [](const Tensor& x) { return Tensors{transpose(x, 0, 1) * x}; }, {3, 3}),
      view("with a permutation",
           [](const Tensor& x) {
             return Tensors{x * permute(x, {1, 0, 2})};
           },
           {2, 2, 3}),
      view("permutation first",
           [](const Tensor& x) {
             return Tensors{permute(x, {1, 0, 2}) * x + x};
           },
           {2, 2, 3}),
      view("with a reshape",
           [](const Tensor& x) {
             return Tensors{x * reshape(reshape(x, {4}), {2, 2})};
           },
           {2, 2}),
      view("with its rows",
           [](const Tensor& x) {
             return Tensors{x * x[1], x[0] + x};
           },
           {3, 2}),
      view("with its column", [](const Tensor& x) { return Tensors{x * slice(x, 1, 2, 3)}; }, {2, 3}),
  };
}

// The same in a product, and in a join.
Entries two_views_joined() {
  return {
      view("matmul with its transpose", [](const Tensor& x) { return Tensors{matmul(x, transpose(x, 0, 1))}; },
           {3, 2}),
      view("matmul with itself",
           [](const Tensor& x) {
             return Tensors{matmul(x, x), matmul(transpose(x, 0, 1), x)};
           },
           {3, 3}),
      view("joined with itself",
           [](const Tensor& x) {
             return Tensors{exp(concat({x, slice(x, 0, 1, 2), x}, 0)), x};
           },
           {2, 2, 1}),
      view("stacked rows",
           [](const Tensor& x) {
             return Tensors{exp(stack({x[1], x[0], x[1]}, 1))};
           },
           {2, 3}),
  };
}

// A view's gradient arrives after that of the whole, and before.
Tensors late(const Tensor& x) {
  const Tensor row0 = x[0], row1 = x[1];
  const Tensor whole = contiguous(transpose(x, 0, 1));  // its gradient is handed on, not summed in place
  return {row0 * 2.0, row1 * row0, whole, exp(row1), sum_to(x, {1, 3})};
}
Tensors early(const Tensor& x) {
  const Tensor joined = concat({x, x}, 0), row = x[1];
  return {sin(row), joined, row * x[0], neg(x)};
}

// Gates cut from one projection, as in every recurrent layer.
Sample draw_gates(Draw& draw) {
  return sample(
      [](const Tensors& x) {
        Tensor c = x[3], h = tanh(c);
        for (int t = 0; t < 2; ++t) {
          const Tensors gate = chunk(linear(x[0], x[1], x[2]) * sum(h), 4, -1);
          c = sigmoid(gate[1]) * c + sigmoid(gate[0]) * tanh(gate[2]);
          h = sigmoid(gate[3]) * tanh(c);
        }
        return Tensors{h, c};
      },
      {draw.numbers({2, 3}), draw.numbers({8, 3}), draw.numbers({8}), draw.numbers({2, 2})});
}

// Weights cut from one parameter, used at every step.
Sample draw_halves(Draw& draw) {
  return sample(
      [](const Tensors& x) {
        const Tensors half = chunk(x[1], 2, 0);
        Tensor h = x[0];
        for (int t = 0; t < 3; ++t) h = tanh(linear(h, half[0])) + linear(h, half[1]) * 0.3;
        return h;
      },
      {draw.numbers({2, 3}), draw.numbers({6, 3})});
}

}  // namespace

Entries views() {
  Entries all{view("late", late, {2, 3}),
              view("early", early, {2, 3}),
              {"views: gates", draw_gates, 10},
              {"views: halves", draw_halves, 10}};
  for (const auto& part : {slices, views_of_views, two_views, two_views_joined}) {
    const Entries entries = part();
    all.insert(all.end(), entries.begin(), entries.end());
  }
  return all;
}

}  // namespace heed::gradients
