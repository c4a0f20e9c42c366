// Operations on single numbers, their operands laid out in memory in many ways.
#include "autograd/zip/elementwise.h"

#include <cmath>

#include "autograd/views/views.h"
#include "autograd/zip/activations.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;
using Unary = Tensor (*)(const Tensor&);
using Binary = Tensor (*)(const Tensor&, const Tensor&);

Entry unary(const char* name, Unary f, double low, double high, std::vector<double> kinks = {}) {
  return {name, [=](Draw& draw) {
            const int layout = draw.layout();
            return sample([=](const Inputs& x) { return f(relaid(x[0], layout)); },
                          {draw.clear_of(kinks, draw.shape(), low, high)});
          }};
}

// The operands broadcast against each other, in either direction.
Entry binary(const char* name, Binary f, double low = -2, double high = 2, double low_b = -2, double high_b = 2,
             std::vector<double> kinks_b = {}) {
  return {name, [=](Draw& draw) {
            const Shape full = draw.shape();
            const Shape a = draw.chance(0.4) ? draw.narrower(full) : full;
            const Shape b = draw.chance(0.4) ? draw.narrower(full) : full;
            const int layout_a = draw.layout(), layout_b = draw.layout();
            return sample([=](const Inputs& x) { return f(relaid(x[0], layout_a), relaid(x[1], layout_b)); },
                          {draw.numbers(a, low, high), draw.clear_of(kinks_b, b, low_b, high_b)});
          }};
}

// A tie is a kink: both operands are cut from numbers of which no two are near.
Entry extreme(const char* name, Binary f) {
  return {name, [f](Draw& draw) {
            const Shape full = draw.shape(), a = draw.narrower(full), b = draw.narrower(full);
            const Tensor all = draw.apart({a.numel() + b.numel()});
            return sample(
                [=](const Inputs& x) {
                  return f(reshape(narrow(x[0], 0, 0, a.numel()), a),
                           reshape(narrow(x[0], 0, a.numel(), b.numel()), b));
                },
                {all});
          }};
}

Sample draw_where(Draw& draw) {
  const Shape full = draw.shape();
  const Tensor condition = draw.mask(draw.narrower(full), 0.5);
  return sample([=](const Inputs& x) { return where(condition, x[0], x[1]); },
                {draw.numbers(draw.narrower(full)), draw.numbers(full)});
}

Sample draw_masked_fill(Draw& draw) {
  const Shape full = draw.shape();
  const Tensor mask = draw.mask(draw.narrower(full), 0.5);
  return sample([=](const Inputs& x) { return masked_fill(x[0], mask, 7); }, {draw.numbers(full)});
}

// Whole exponents allow negative numbers, 0 and 1 have constant slopes.
Sample draw_power(Draw& draw) {
  const double exponents[] = {0, 1, 2, 3, -1, -2, 0.5, 1.5, -0.5, 2.7};
  const size_t k = static_cast<size_t>(draw.below(10));
  const double p = exponents[k];
  const bool signs = k < 6 && draw.chance(0.5);
  return sample([=](const Inputs& x) { return pow(x[0], p); },
                {draw.numbers(draw.shape(), signs ? -2 : 0.5, signs ? -0.5 : 2)});
}

// Through f32 and back. Inputs and the stencil's steps are whole multiples of 2^-10: exact in f32.
Sample draw_to(Draw& draw) {
  Tensor x = draw.numbers(draw.shape());
  for (int64_t i = 0; i < x.numel(); ++i)
    x.mutable_data<double>()[i] = static_cast<double>(draw.below(2048) - 1024) / 1024;
  return sample([](const Inputs& x) { return to(to(x[0], DType::f32), DType::f64); }, {x});
}

Sample draw_clamp(Draw& draw) {
  const double low = draw.chance(0.2) ? -INFINITY : -0.7, high = draw.chance(0.2) ? INFINITY : 0.9;
  return sample([=](const Inputs& x) { return clamp(x[0], low, high); }, {draw.clear_of({-0.7, 0.9}, draw.shape())});
}

Sample draw_softplus(Draw& draw) {
  const double beta = draw.real(0.5, 2);
  return sample([=](const Inputs& x) { return softplus(x[0], beta); }, {draw.numbers(draw.shape(), -3, 3)});
}

Entries functions() {
  return {
      unary("neg", neg, -2, 2),
      unary("exp", exp, -2, 2),
      unary("log", log, 0.4, 3),
      unary("sqrt", sqrt, 0.4, 3),
      unary("tanh", tanh, -2, 2),
      unary("sigmoid", sigmoid, -3, 3),
      unary("abs", abs, -2, 2, {0}),
      unary("square", square, -2, 2),
      unary("reciprocal", reciprocal, 0.5, 2),
      unary("sin", sin, -3, 3),
      unary("cos", cos, -3, 3),
      unary(
          "add: number", [](const Tensor& x) { return 2 - (x + 0.7); }, -2, 2),
      unary(
          "mul: number", [](const Tensor& x) { return x * 1.7 / 3; }, -2, 2),
  };
}

}  // namespace

Entries elementwise() {
  Entries all = functions();
  for (const Activation& activation : activations) all.push_back(unary(activation.name, activation.make, -3, 3, {0}));
  const Entries more{
      binary("add", add),
      binary("sub", sub),
      binary("mul", mul),
      binary("div", div, -2, 2, 0.6, 2),
      binary("pow", pow, 0.5, 2, -2, 2, {0}),
      extreme("maximum", maximum),
      extreme("minimum", minimum),
      {"where", draw_where},
      {"masked_fill", draw_masked_fill},
      {"pow: number", draw_power},
      {"softplus: beta", draw_softplus},
      {"clamp", draw_clamp},
      {"to", draw_to, 1000},  // rounding to f32 along the way leaves no digits for a second difference
  };
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace heed::gradients
