// Views and re-arrangements. All are linear, so the result is squared: then a gradient that lands in the
// wrong place shows. Half of the samples take the view of a computed value, the others of an input itself.

#include "autograd/backward/recompute.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/diagonals.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;
using Parts = std::vector<Tensor>;

Parts squares(const Parts& parts) {
  Parts result;
  for (const Tensor& part : parts) result.push_back(part * part);
  return result;
}

// f rearranges x and gives one tensor or several. The whole is used beside its view now and then.
template <class F>
Sample rearranged(Draw& draw, const Shape& shape, F f) {
  const bool computed = draw.chance(0.5), beside = draw.chance(0.5), turn = draw.chance(0.2);
  const Tensor weights = draw.numbers(shape);
  return sample(
      [=](const Inputs& v) {
        const Tensor given = turn && v[0] && v[0].rank() > 1 ? transpose(transpose(v[0], 0, -1) * 1.5, 0, -1) : v[0];
        const Tensor x = computed ? given * weights : given;
        Parts results = squares(f(x));
        if (beside) results.push_back(x * weights);
        return results;
      },
      {draw.numbers(shape)});
}

Sample draw_reshape(Draw& draw) {
  const Shape shape = draw.shape();
  Shape to{shape.numel()};
  if (shape.numel() % 2 == 0) to = draw.chance(0.5) ? Shape{-1, 2} : Shape{2, 1, shape.numel() / 2};
  const bool gaps = shape.rank() > 1 && draw.chance(0.4);  // then the numbers must be copied first
  return rearranged(draw, shape, [=](const Tensor& x) { return Parts{reshape(gaps ? transpose(x, 0, -1) : x, to)}; });
}

Sample draw_squeeze(Draw& draw) {
  Shape shape = draw.shape(1);
  const int axis = draw.axis(shape.rank());
  shape[axis < 0 ? axis + shape.rank() : axis] = 1;
  return rearranged(draw, shape, [=](const Tensor& x) { return Parts{squeeze(x, axis)}; });
}

Sample draw_unsqueeze(Draw& draw) {
  const Shape shape = draw.shape();
  const int axis = draw.axis(shape.rank() + 1);
  return rearranged(draw, shape, [=](const Tensor& x) { return Parts{unsqueeze(x, axis)}; });
}

Sample draw_transpose(Draw& draw) {
  const Shape shape = draw.shape(1);
  const int a = draw.axis(shape.rank()), b = draw.axis(shape.rank());
  return rearranged(draw, shape, [=](const Tensor& x) { return Parts{transpose(x, a, b)}; });
}

Sample draw_permute(Draw& draw) {
  const Shape shape = draw.shape(1);
  const std::vector<int64_t> order = draw.rng().permutation(shape.rank());
  const std::vector<int> perm(order.begin(), order.end());
  return rearranged(draw, shape, [=](const Tensor& x) { return Parts{permute(x, perm)}; });
}

Sample draw_slice(Draw& draw) {
  const Shape shape = draw.shape(1);
  const int axis = draw.axis(shape.rank());
  const int64_t n = shape[axis < 0 ? axis + shape.rank() : axis];
  const int64_t start = draw.below(n), stop = start + draw.up_to(n - start), step = draw.up_to(3);
  const bool from_end = draw.chance(0.3);
  return rearranged(draw, shape, [=](const Tensor& x) {
    return Parts{slice(x, axis, from_end ? start - n : start, stop, step), slice(x, axis, 0, stop)};
  });
}

Sample draw_narrow(Draw& draw) {
  const Shape shape = draw.shape(1);
  const int axis = draw.axis(shape.rank());
  const int64_t n = shape[axis < 0 ? axis + shape.rank() : axis];
  const int64_t start = draw.below(n), length = draw.up_to(n - start);
  return rearranged(draw, shape, [=](const Tensor& x) { return Parts{narrow(x, axis, start, length)}; });
}

Sample draw_select(Draw& draw) {
  const Shape shape = draw.shape(1);
  const int axis = draw.axis(shape.rank());
  const int64_t n = shape[axis < 0 ? axis + shape.rank() : axis], index = draw.below(2 * n) - n;
  return rearranged(draw, shape, [=](const Tensor& x) { return Parts{select(x, axis, index), select(x, axis, 0)}; });
}

Sample draw_split(Draw& draw) {
  const Shape shape = draw.shape(1);
  const int axis = draw.axis(shape.rank());
  const int64_t n = shape[axis < 0 ? axis + shape.rank() : axis], first = draw.below(n + 1);
  return rearranged(draw, shape, [=](const Tensor& x) { return split(x, {first, n - first}, axis); });
}

Sample draw_chunk(Draw& draw) {
  const int64_t count = draw.up_to(3);
  Shape shape = draw.shape(1, 3);
  const int axis = draw.axis(shape.rank());
  shape[axis < 0 ? axis + shape.rank() : axis] *= count;
  return rearranged(draw, shape, [=](const Tensor& x) { return chunk(x, static_cast<int>(count), axis); });
}

Sample draw_expand(Draw& draw) {
  const Shape full = draw.shape();
  return rearranged(draw, draw.narrower(full), [=](const Tensor& x) { return Parts{expand(x, full)}; });
}

Sample draw_sum_to(Draw& draw) {
  const Shape full = draw.shape(), narrow = draw.narrower(full);
  return rearranged(draw, full, [=](const Tensor& x) { return Parts{sum_to(x, narrow)}; });
}

Sample draw_contiguous(Draw& draw) {
  return rearranged(draw, draw.shape(1), [](const Tensor& x) { return Parts{contiguous(transpose(x, 0, -1))}; });
}

Sample draw_clone(Draw& draw) {
  const bool turned = draw.chance(0.5);
  return rearranged(draw, draw.shape(1), [=](const Tensor& x) {
    return Parts{clone(turned ? transpose(x, 0, -1) : x), x};
  });
}

Sample draw_concat(Draw& draw) {
  const Shape shape = draw.shape(1, 3);
  const int axis = draw.axis(shape.rank());
  Inputs parts;
  for (int64_t count = draw.up_to(3); count > 0; --count) {
    Shape part = shape;
    part[axis < 0 ? axis + shape.rank() : axis] = draw.up_to(3);
    parts.push_back(draw.numbers(part));
  }
  const bool again = draw.chance(0.3);  // the same tensor twice
  return sample(
      [=](Inputs x) {
        if (again) x.push_back(x[0]);
        return squares({concat(x, axis)});
      },
      parts);
}

Sample draw_stack(Draw& draw) {
  const Shape shape = draw.shape(0, 3);
  const int axis = draw.axis(shape.rank() + 1);
  Inputs parts;
  for (int64_t count = draw.up_to(3); count > 0; --count) parts.push_back(draw.numbers(shape));
  return sample([=](const Inputs& x) { return squares({stack(x, axis)}); }, parts);
}

Sample draw_pad(Draw& draw) {
  const Shape shape = draw.shape();
  std::vector<std::pair<int64_t, int64_t>> pads;
  for (int i = 0; i < shape.rank(); ++i) pads.emplace_back(draw.below(3), draw.below(3));
  return rearranged(draw, shape, [=](const Tensor& x) { return Parts{pad(x, pads, 0.5)}; });
}

Sample draw_flip(Draw& draw) {
  const Shape shape = draw.shape();
  const std::vector<int> axes = draw.axes(shape.rank());
  const Tensor weights = draw.numbers(shape);  // without them a gradient turned twice would not show
  return rearranged(draw, shape, [=](const Tensor& x) { return Parts{flip(x, axes) * weights}; });
}

Sample draw_roll(Draw& draw) {
  const Shape shape = draw.shape(1);
  const int axis = draw.axis(shape.rank());
  const int64_t shift = draw.below(9) - 4;
  const Tensor weights = draw.numbers(shape);  // as for flip
  return rearranged(draw, shape, [=](const Tensor& x) { return Parts{roll(x, shift, axis) * weights}; });
}

// Any diagonal that is not empty: of an empty one there would be nothing to check.
int64_t draw_diagonal(Draw& draw, int64_t rows, int64_t columns) { return draw.below(rows + columns - 1) - rows + 1; }

Sample draw_diagonal_of(Draw& draw) {
  const Shape shape = draw.shape(2);
  const std::vector<int64_t> order = draw.rng().permutation(shape.rank());
  const int a = static_cast<int>(order[0]), b = static_cast<int>(order[1]);
  const int64_t k = draw_diagonal(draw, shape[a], shape[b]);
  const int a_named = draw.chance(0.5) ? a : a - shape.rank();
  return rearranged(draw, shape, [=](const Tensor& x) { return Parts{diagonal(x, k, a_named, b)}; });
}

Sample draw_diag(Draw& draw) {
  const Shape shape = draw.shape(1, 2);
  const int64_t k = shape.rank() == 2 ? draw_diagonal(draw, shape[0], shape[1]) : draw.below(5) - 2;
  return rearranged(draw, shape, [=](const Tensor& x) { return Parts{diag(x, k)}; });
}

Sample draw_diag_embed(Draw& draw) {
  const Shape shape = draw.shape(1, 3);
  const int64_t k = draw.below(5) - 2;
  return rearranged(draw, shape, [=](const Tensor& x) { return Parts{diag_embed(x, k)}; });
}

template <class F>
Entry triangle(const char* name, F f) {
  return {name, [f](Draw& draw) {
            const Shape shape = draw.shape(2);
            const int64_t k = draw.below(5) - 2;
            return rearranged(draw, shape, [=](const Tensor& x) { return Parts{f(x, k)}; });
          }};
}

Sample draw_repeat(Draw& draw) {
  const Shape shape = draw.shape(0, 3);
  std::vector<int64_t> repeats;
  Shape result;
  for (int64_t i = draw.below(2) + shape.rank(); i > 0; --i) repeats.push_back(draw.up_to(2));
  for (size_t i = 0; i < repeats.size(); ++i) {
    const int mine = static_cast<int>(i) - static_cast<int>(repeats.size()) + shape.rank();
    result.push_back(repeats[i] * (mine < 0 ? 1 : shape[mine]));
  }
  const Tensor weights = draw.numbers(result);
  return rearranged(draw, shape, [=](const Tensor& x) { return Parts{repeat(x, repeats) * weights}; });
}

// A part that is computed once more, with a tensor from outside.
Sample draw_recompute(Draw& draw) {
  const Shape shape = draw.shape();
  return sample(
      [](const std::vector<Tensor>& x) {
        check_all_defined("recompute", x);
        const Tensor outside = x[1] * 2;
        return recompute(
            [outside](const std::vector<Tensor>& v) {
              return std::vector<Tensor>{v[0] * v[0] * outside, v[0] + 1};
            },
            {x[0]});
      },
      {draw.numbers(shape), draw.numbers(shape)});
}

}  // namespace

Entries shapes() {
  return {
      {"reshape", draw_reshape},
      {"squeeze", draw_squeeze},
      {"unsqueeze", draw_unsqueeze},
      {"transpose", draw_transpose},
      {"permute", draw_permute},
      {"slice", draw_slice},
      {"narrow", draw_narrow},
      {"select", draw_select},
      {"split", draw_split},
      {"chunk", draw_chunk},
      {"expand", draw_expand},
      {"sum_to", draw_sum_to},
      {"contiguous", draw_contiguous},
      {"clone", draw_clone},
      {"concat", draw_concat},
      {"stack", draw_stack},
      {"pad", draw_pad},
      {"flip", draw_flip},
      {"roll", draw_roll},
      {"diagonal", draw_diagonal_of},
      {"diag", draw_diag},
      {"diag_embed", draw_diag_embed},
      triangle("tril", tril),
      triangle("triu", triu),
      {"repeat", draw_repeat},
      {"recompute", draw_recompute},
  };
}

}  // namespace heed::gradients
