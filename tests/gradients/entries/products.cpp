// Matrix products, einsum and softmax.
#include "autograd/ops/einsum/einsum.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

Shape with(Shape lead, std::initializer_list<int64_t> last) {
  for (const int64_t n : last) lead.push_back(n);
  return lead;
}

// Vectors, matrices, stacks of matrices that broadcast; some operands are transposed in memory.
Sample draw_matmul(Draw& draw) {
  const int64_t m = draw.up_to(3), k = draw.length(), n = draw.up_to(3);
  const Shape lead = draw.chance(0.5) ? draw.shape(1, 2) : Shape{};
  Shape few;
  for (const int64_t size : lead) few.push_back(std::min<int64_t>(size, 2));
  const Shape lead_a = draw.narrower(few), lead_b = draw.narrower(few);
  const bool vector_a = draw.chance(0.15), vector_b = draw.chance(0.15);
  const bool turn_a = !vector_a && draw.chance(0.3), turn_b = !vector_b && draw.chance(0.3);
  const Shape a = vector_a ? Shape{k} : turn_a ? with(lead_a, {k, m}) : with(lead_a, {m, k});
  const Shape b = vector_b ? Shape{k} : turn_b ? with(lead_b, {n, k}) : with(lead_b, {k, n});
  return sample(
      [=](const Inputs& x) {
        return matmul(turn_a ? transpose(x[0], -1, -2) : x[0], turn_b ? transpose(x[1], -1, -2) : x[1]);
      },
      {draw.numbers(a), draw.numbers(b)});
}

// The same matrix met several times: its gradient is a sum over products.
Sample draw_matmul_again(Draw& draw) {
  const int64_t n = draw.up_to(3), rows = draw.up_to(3);
  return sample([](const Inputs& x) { return matmul(tanh(matmul(matmul(x[0], x[1]), x[1])), x[1]); },
                {draw.numbers({rows, n}), draw.numbers({n, n})});
}

Sample draw_addmm(Draw& draw) {
  const int64_t m = draw.up_to(3), k = draw.length(), n = draw.up_to(3);
  const double beta = draw.chance(0.3) ? 1 : draw.real(-2, 2), alpha = draw.chance(0.3) ? 1 : draw.real(-2, 2);
  return sample([=](const Inputs& x) { return addmm(x[0], x[1], x[2], beta, alpha); },
                {draw.numbers(draw.narrower({m, n})), draw.numbers({m, k}), draw.numbers({k, n})});
}

// x of one axis to three, the weight met twice if the sizes allow.
Sample draw_linear(Draw& draw) {
  const int64_t in = draw.length(), out = draw.up_to(4);
  Shape shape = draw.chance(0.3) ? Shape{} : draw.chance(0.5) ? Shape{draw.up_to(3)} : Shape{2, draw.up_to(2)};
  shape.push_back(in);
  Inputs inputs{draw.numbers(shape), draw.numbers({out, in})};
  if (draw.chance(0.6)) inputs.push_back(draw.numbers({out}));
  const bool twice = in == out;
  return sample(
      [=](const Inputs& x) {
        const Tensor bias = x.size() > 2 ? x[2] : Tensor();
        const Tensor y = linear(x[0], x[1], bias);
        return twice ? linear(y, x[1], bias) : y;
      },
      inputs);
}

Sample draw_linear_onto(Draw& draw) {
  const int64_t in = draw.length(), out = draw.up_to(4);
  const Shape lead = draw.chance(0.5) ? Shape{draw.up_to(3)} : Shape{2, draw.up_to(2)};
  return sample([](const Inputs& x) { return linear_onto(x[0], x[1], x[2]); },
                {draw.numbers(with(lead, {out})), draw.numbers(with(lead, {in})), draw.numbers({out, in})});
}

Sample draw_bilinear(Draw& draw) {
  const int64_t i = draw.up_to(3), j = draw.up_to(3), out = draw.up_to(3);
  const Shape lead = draw.chance(0.5) ? Shape{draw.up_to(3)} : Shape{2, draw.up_to(2)};
  Inputs inputs{draw.numbers(with(lead, {i})), draw.numbers(with(lead, {j})), draw.numbers({out, i, j})};
  if (draw.chance(0.5)) inputs.push_back(draw.numbers({out}));
  return sample([](const Inputs& x) { return bilinear(x[0], x[1], x[2], x.size() > 3 ? x[3] : Tensor()); }, inputs);
}

// Along any axis; the result is used twice, so that a gradient is added to one that is there already.
template <class F>
Entry soft(const char* name, F f) {
  return {name, [f](Draw& draw) {
            const Shape shape = draw.shape(1);
            const int axis = draw.axis(shape.rank());
            const bool turn = draw.chance(0.3), again = draw.chance(0.5);
            return sample(
                [=](const Inputs& v) {
                  const Tensor x = turn ? transpose(v[0], 0, -1) : v[0], y = f(x, axis);
                  return again ? std::vector<Tensor>{y, x * x} : std::vector<Tensor>{y};
                },
                {draw.numbers(shape, -2, 2)});
          }};
}

// Masks of any narrower shape; now and then nothing is left of a line.
Sample draw_masked_softmax(Draw& draw) {
  const Shape shape = draw.shape(1);
  const int axis = draw.axis(shape.rank());
  const Tensor mask = draw.mask(draw.chance(0.5) ? shape : draw.narrower(shape), draw.chance(0.2) ? 0.2 : 0.7);
  return sample([=](const Inputs& x) { return masked_softmax(x[0], mask, axis); }, {draw.numbers(shape, -2, 2)});
}

// An equation, and operands whose letters have the same lengths everywhere or, now and then, 1.
Sample draw_einsum(Draw& draw) {
  static const std::vector<std::string> equations = {
      "ij,jk->ik", "ij,kj->ki",     "bij,bjk->bik", "bij,jk",   "bi,bi->b",     "i,i->i",  "i,j->ji",
      "ij->",      "ij->ji",        "ii->i",        "ii",       "iij,j",        "ij,ji->", "ij,jk,kl->li",
      "i,ij,j->",  "ia,ib,ic->abc", "ijk->j",       "ij,i->ij", "bij,bkj,bk->i"};
  const std::string& equation = equations[static_cast<size_t>(draw.below(static_cast<int64_t>(equations.size())))];
  std::array<int64_t, 128> lengths{};
  Inputs operands;
  std::vector<int> layouts;
  Shape shape;
  for (const char c : equation.substr(0, equation.find('-')) + ",") {
    if (c == ',') {
      operands.push_back(draw.numbers(shape));
      layouts.push_back(draw.layout());
      shape = {};
      continue;
    }
    int64_t& length = lengths[static_cast<size_t>(c)];
    if (length == 0) length = draw.up_to(3);
    shape.push_back(equation.find("ii") == std::string::npos && draw.chance(0.1) ? 1 : length);
  }
  return sample(
      [=](Inputs x) {
        for (size_t i = 0; i < x.size(); ++i) x[i] = relaid(x[i], layouts[i]);
        const Tensor y = einsum(equation, x);
        return y * y;
      },
      operands);
}

Sample draw_einsum_ellipsis(Draw& draw) {
  const Shape lead = draw.shape(0, 2);
  Shape a = draw.narrower(lead), b = draw.narrower(lead);
  const int64_t inner = draw.up_to(3);
  a.push_back(draw.up_to(2)), a.push_back(inner);
  b.push_back(inner);
  return sample(
      [](const Inputs& x) {
        return einsum("...ij,...j->i...", {x[0], x[1]});
      },
      {draw.numbers(a), draw.numbers(b)});
}

}  // namespace

Entries products() {
  return {
      {"matmul", draw_matmul},
      {"matmul: the same matrix again", draw_matmul_again},
      {"addmm", draw_addmm},
      {"linear", draw_linear},
      {"linear_onto", draw_linear_onto},
      {"bilinear", draw_bilinear},
      soft("softmax", softmax),
      soft("log_softmax", log_softmax),
      {"masked_softmax", draw_masked_softmax},
      {"einsum", draw_einsum},
      {"einsum: ellipsis", draw_einsum_ellipsis},
  };
}

}  // namespace heed::gradients
