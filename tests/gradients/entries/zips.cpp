// zip and zip_sum with lambdas of their own: several operands and results, broadcasting, and layouts.
#include "autograd/zip/zip.h"

#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

// Operands that broadcast to `full`, or all of its shape.
Inputs operands(Draw& draw, const Shape& full, int count) {
  Inputs x{draw.numbers(full)};
  while (static_cast<int>(x.size()) < count) x.push_back(draw.numbers(draw.narrower(full)));
  return x;
}

template <class F>
Entry zipped(const char* name, int count, F f, int least_axes = 0) {
  return {name,
          [=](Draw& draw) {
            std::vector<int> layouts;
            for (int i = 0; i < count; ++i) layouts.push_back(draw.layout());
            return sample(
                [=](Inputs x) {
                  for (size_t i = 0; i < x.size(); ++i) x[i] = relaid(x[i], layouts[i]);
                  return f(x);
                },
                operands(draw, draw.shape(least_axes), count));
          },
          6};
}

std::array<Tensor, 2> lstm(const Tensor& i, const Tensor& f, const Tensor& g, const Tensor& o, const Tensor& c) {
  return zip(
      [](auto i, auto f, auto g, auto o, auto c) {
        const auto cell = sigmoid(f) * c + sigmoid(i) * tanh(g);
        return std::tuple(sigmoid(o) * tanh(cell), cell);
      },
      i, f, g, o, c);
}

auto three(const Inputs& x) {
  return zip([](auto a, auto b, auto c) { return std::tuple(a * tanh(b) + c, exp(a - c) * b, log(2.0 + a)); }, x[0],
             x[1], x[2]);
}
auto quotients(const Inputs& x) {
  return zip(
      [](auto a, auto b, auto c) { return std::tuple(exp(a * b) / (1.5 + c * c), sigmoid(a - c), log1p(b * b)); },
      x[0], x[1], x[2]);
}
// Results that know nothing of some operands, and a constant.
auto parts(const Inputs& x) {
  return zip([](auto a, auto b, auto c) { return std::tuple(a * a, b + 1.0, where(c > 3.0, a, 2 * b), 0 * c + 2.5); },
             x[0], x[1], x[2]);
}
Tensor summed(const Inputs& x) {
  return zip_sum(
      "zip", [](auto a, auto b, auto c) { return c * sin(a + b) + a * erf(b); }, x[0], x[1], x[2]);
}
auto two_sums(const Inputs& x) {
  return zip_sum(
      "zip", [](auto a, auto b) { return std::tuple(a * b, a + b * b); }, x[0], x[1]);
}

}  // namespace

Entries zips() {
  return {
      zipped("zip", 3, three),
      zipped("zip: quotients", 3, quotients),
      zipped("zip: some operands", 3, parts),
      zipped("zip: two results", 5, [](const Inputs& x) { return lstm(x[0], x[1], x[2], x[3], x[4]); }),
      zipped("zip: one of two results", 5, [](const Inputs& x) { return lstm(x[0], x[1], x[2], x[3], x[4])[0]; }),
      zipped("zip: the other of two", 5, [](const Inputs& x) { return lstm(x[0], x[1], x[2], x[3], x[4])[1]; }),
      zipped("zip: results as operands", 5,
             [](const Inputs& x) {
               const auto [h, c] = lstm(x[0], x[1], x[2], x[3], x[4]);
               return lstm(x[0], h, x[2], x[3], c);
             }),
      zipped("zip_sum", 3, summed, 1),
      zipped("zip_sum: two sums", 2, two_sums, 1),
  };
}

}  // namespace heed::gradients
