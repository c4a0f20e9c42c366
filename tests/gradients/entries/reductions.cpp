// Reductions; sorting and running along an axis. Extrema get numbers of which no two are near: ties are kinks.
#include "autograd/ops/reduce.h"

#include <cmath>

#include "autograd/ops/extrema.h"
#include "autograd/ops/order/cumulative.h"
#include "autograd/ops/order/sort.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

struct Over {
  Axes axes;
  bool keep;
  int64_t count = 1;  // of elements that become one
};
Over draw_over(Draw& draw, const Shape& shape) {
  Over over{draw.axes(shape.rank()), draw.chance(0.5)};
  if (over.axes.empty()) over.count = shape.numel();
  for (const int axis : over.axes) over.count *= shape[axis < 0 ? axis + shape.rank() : axis];
  return over;
}

template <class F>
Entry reduction(const char* name, F f) {
  return {name, [f](Draw& draw) {
            const Shape shape = draw.shape();
            const Over over = draw_over(draw, shape);
            return sample([=](const Inputs& x) { return f(x[0], over.axes, over.keep); },
                          {draw.numbers(shape, -2, 2)});
          }};
}

template <class F>
Entry extreme(const char* name, F f) {
  return {name, [f](Draw& draw) {
            const Shape shape = draw.shape();
            const Over over = draw_over(draw, shape);
            return sample([=](const Inputs& x) { return f(x[0], over.axes, over.keep); }, {draw.apart(shape)});
          }};
}

template <class F>
Entry extreme_along(const char* name, F f) {
  return {name, [f](Draw& draw) {
            const Shape shape = draw.shape(1);
            const int axis = draw.axis(shape.rank());
            const bool keep = draw.chance(0.5), turn = draw.chance(0.3);
            return sample([=](const Inputs& x) { return f(turn ? transpose(x[0], 0, -1) : x[0], axis, keep).first; },
                          {draw.apart(shape)});
          }};
}

Sample draw_var(Draw& draw) {
  const Shape shape = draw.shape();
  const Over over = draw_over(draw, shape);
  const double correction = over.count > 1 && draw.chance(0.5) ? 1 : 0;
  return sample([=](const Inputs& x) { return var(x[0], over.axes, over.keep, correction); },
                {draw.numbers(shape, -2, 2)});
}

// At least 0.3 from 0, where all norms but that of p = 2 have a kink, and that one where all numbers are 0.
Sample draw_norm(Draw& draw) {
  const double powers[] = {1, 1.5, 2, 2, 3, INFINITY};
  const double p = powers[draw.below(6)];
  const Shape shape = draw.shape();
  const Over over = draw_over(draw, shape);
  Tensor x = draw.apart(shape);
  for (int64_t i = 0; i < x.numel(); ++i) x.mutable_data<double>()[i] += std::copysign(0.3, x.data<double>()[i]);
  return sample([=](const Inputs& v) { return norm(v[0], p, over.axes, over.keep); }, {x});
}

// --- sorting and running along an axis. What only rearranges or adds up is squared, as in shapes.cpp.

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
  return sample([=](const Inputs& in) { return linear_recurrence(relaid(in[0], layout), in[1], axis, reverse); },
                {draw.numbers(shape), draw.numbers(shape)});
}

}  // namespace

Entries reductions() {
  return {
      reduction("sum", sum),
      reduction("mean", mean),
      reduction("logsumexp", logsumexp),
      {"var", draw_var},
      {"norm", draw_norm},
      extreme("amax", amax),
      extreme("amin", amin),
      extreme_along("max", [](const Tensor& x, int axis, bool keep) { return max(x, axis, keep); }),
      extreme_along("min", [](const Tensor& x, int axis, bool keep) { return min(x, axis, keep); }),
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
