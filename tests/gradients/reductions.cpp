// Reductions. Extrema get numbers of which no two are near: a tie is a kink.
#include "autograd/ops/reduce.h"

#include <cmath>

#include "autograd/ops/extrema.h"
#include "autograd/views/views.h"
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
            return sample([=](const Inputs& x) { return f(x[0], over.axes, over.keep); },
                          {draw.apart(shape)});
          }};
}

template <class F>
Entry extreme_along(const char* name, F f) {
  return {name, [f](Draw& draw) {
            const Shape shape = draw.shape(1);
            const int axis = draw.axis(shape.rank());
            const bool keep = draw.chance(0.5), turn = draw.chance(0.3);
            return sample(
                [=](const Inputs& x) { return f(turn ? transpose(x[0], 0, -1) : x[0], axis, keep).first; },
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
  for (int64_t i = 0; i < x.numel(); ++i)
    x.mutable_data<double>()[i] += std::copysign(0.3, x.data<double>()[i]);
  return sample([=](const Inputs& v) { return norm(v[0], p, over.axes, over.keep); }, {x});
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
  };
}

}  // namespace heed::gradients
