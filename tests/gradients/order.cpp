// Sorting and running along an axis. What only rearranges or adds up is squared, as in shapes.cpp.
#include "autograd/ops/order/cumulative.h"
#include "autograd/ops/order/sort.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/joins.h"
#include "autograd/zip/elementwise.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

// f(x) for numbers of which no two are near, weighted so that each has a slope of its own. f gives the sorted
// numbers.
template <class F>
Sample in_order(Draw& draw, const Shape& shape, F f) {
  const int layout = draw.layout();
  const Tensor x = draw.apart(shape), weights = draw.numbers(f(x).shape());
  return sample(
      [=](const Inputs& in) {
        const Tensor y = f(relaid(in[0], layout));
        return y * y * weights;
      },
      {x});
}

// Every number twice. Neither of two equals has a slope by itself, but what treats both alike has one.
Sample draw_ties(Draw& draw) {
  const Shape shape = draw.shape(1, 2);
  const int axis = draw.axis(shape.rank());
  const bool descending = draw.chance(0.5);
  return sample(
      [=](const Inputs& x) {
        const Tensor sorted = sort(concat({x[0], x[0]}, axis), axis, descending).first;
        return sum(sorted * sorted * sorted, {axis});
      },
      {draw.apart(shape)});
}

Sample draw_sort(Draw& draw) {
  const Shape shape = draw.shape(1, 3);
  const int axis = draw.axis(shape.rank());
  const bool descending = draw.chance(0.5);
  return in_order(draw, shape, [=](const Tensor& x) { return sort(x, axis, descending).first; });
}

Sample draw_topk(Draw& draw) {
  const Shape shape = draw.shape(1, 3);
  const int axis = draw.axis(shape.rank());
  const int64_t k = draw.up_to(shape[axis < 0 ? axis + shape.rank() : axis]);
  const bool largest = draw.chance(0.5);
  return in_order(draw, shape, [=](const Tensor& x) { return topk(x, k, axis, largest).first; });
}

// Running operations: lines of length 1, of zeros only, in gaps.
template <class F>
Sample running(Draw& draw, F f, double low = -1, double high = 1) {
  const Shape shape = draw.shape(1, 3);
  const int axis = draw.axis(shape.rank()), layout = draw.layout();
  const bool reverse = draw.chance(0.5);
  const Tensor weights = draw.numbers(shape);
  const Tensor x = draw.chance(0.1) ? Tensor::zeros(shape, DType::f64) : draw.numbers(shape, low, high);
  return sample(
      [=](const Inputs& in) {
        const Tensor y = f(relaid(in[0], layout), axis, reverse);
        return y * y * weights;
      },
      {x});
}

Sample draw_linear_recurrence(Draw& draw) {
  const Shape shape = draw.shape(1, 3);
  const int axis = draw.axis(shape.rank()), layout = draw.layout();
  const bool reverse = draw.chance(0.5);
  return sample(
      [=](const Inputs& in) { return linear_recurrence(relaid(in[0], layout), in[1], axis, reverse); },
      {draw.numbers(shape), draw.numbers(shape)});
}

}  // namespace

Entries order() {
  return {
      {"sort", draw_sort},
      {"sort: equals", draw_ties},
      {"topk", draw_topk},
      {"cumsum", [](Draw& draw) { return running(draw, cumsum); }},
      {"logcumsumexp", [](Draw& draw) { return running(draw, logcumsumexp, -3, 3); }},
      {"logcumsumexp: far apart", [](Draw& draw) { return running(draw, logcumsumexp, -40, 40); }},
      {"linear_recurrence", draw_linear_recurrence},
  };
}

}  // namespace heed::gradients
