#include "autograd/zip/zip.h"

#include <cmath>

#include "autograd/ops/reduce.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;
using Tensors = std::vector<Tensor>;

namespace {

Tensor numbers(const Shape& shape, double shift = 0) {
  Tensor x = Tensor::empty(shape, DType::f64);
  for (int64_t i = 0; i < x.numel(); ++i) x.mutable_data<double>()[i] = std::sin(1.1 * double(i + 1) + shift);
  return x;
}

// A view of the same shape and numbers with other strides: as made, transposed in memory, every other column,
// or a window into something wider.
Tensor relaid(const Tensor& x, int way) {
  if (x.rank() == 0) return x;
  if (way == 1 && x.rank() > 1) return transpose(contiguous(transpose(x, 0, -1)), 0, -1);
  if (way == 2) {
    Shape doubled = x.shape();
    doubled[x.rank() - 1] *= 2;
    return slice(reshape(stack({x, x}, -1), doubled), -1, 0, doubled[x.rank() - 1], 2);
  }
  if (way == 3) return slice(concat({x, x, x}, 0), 0, x.size(0), 2 * x.size(0));
  return x;
}

const auto mix = [](auto a, auto b) { return tanh(a * 0.7 + b) * b; };

}  // namespace

TEST_CASE("operands broadcast in every pattern of strides", "[zip]") {
  const Shape shapes[] = {{}, {1}, {3}, {2, 3}, {1, 3}, {2, 1}, {1, 1}, {4, 2, 3}, {4, 1, 3}, {4, 2, 1}, {1, 2, 1}};
  int pairs = 0;
  for (const Shape& left : shapes)
    for (const Shape& right : shapes)
      for (int way = 0; way < 4; ++way) {
        const Tensor a = numbers(left), b = numbers(right, 0.5);
        Shape common;
        try {
          common = broadcast(left, right, "test");
        } catch (const Error&) {
          CHECK_THROWS_WITH(zip("mix", mix, a, b), ContainsSubstring("mix") && ContainsSubstring(to_string(right)));
          continue;
        }
        INFO(to_string(left) << " with " << to_string(right) << ", layout " << way);
        const Tensor y = zip(mix, relaid(a, way), relaid(b, 3 - way));
        REQUIRE(y.shape() == common);
        const std::vector<double> got = y.to_vector(), xs = expand(a, common).to_vector(),
                                  ys = expand(b, common).to_vector();
        for (size_t i = 0; i < got.size(); ++i)
          REQUIRE(got[i] == Catch::Approx(std::tanh(xs[i] * 0.7 + ys[i]) * ys[i]).epsilon(1e-14).margin(1e-15));
        ++pairs;
      }
  CHECK(pairs > 200);
}

TEST_CASE("a choice between plain numbers is a constant, whatever their types", "[zip]") {
  const Tensor x = Tensor::from<double>({-2, 0, 3});
  const auto sign = [](auto v) { return where(v > 0, 1, where(v < 0, -1, 0)); };
  CHECK(zip(sign, x).to_vector() == std::vector<double>{-1, 0, 1});
  const auto one_at_0 = [](auto v) { return where(v != 0, 0.5, true); };
  CHECK(zip(one_at_0, x).to_vector() == std::vector<double>{0.5, 1, 0.5});

  // |x| + 2 where x is not 0: the slope is the sign, in the gradient and in its own recorded backward pass.
  const auto size = [sign](auto v) { return v * sign(v) + where((v < 0) | (v > 0), 2, 0.0f); };
  Tape outer;
  Tape inner;
  const Tensor y = zip(size, x);
  CHECK(y.to_vector() == std::vector<double>{4, 0, 5});
  const Tensor slope = inner.gradients(sum(y * x), std::vector<Tensor>{x})[0];  // |x| + 2 + x sign(x)
  CHECK(slope.to_vector() == std::vector<double>{6, 0, 8});
  CHECK(outer.gradients(sum(slope), std::vector<Tensor>{x})[0].to_vector() == std::vector<double>{-2, 0, 2});
}

TEST_CASE("rows of every length around the width of a vector", "[zip]") {
  for (int64_t n = 1; n <= 35; ++n) {
    const Tensor a = numbers({3, n}), b = numbers({n}, 1), c = numbers({3, 1}, 2);
    const auto f = [](auto x, auto y, auto z) { return x * y + sin(z * x); };
    const std::vector<double> got = zip(f, a, b, c).to_vector();
    const Tensor single = zip(f, to(a, DType::f32), to(b, DType::f32), to(c, DType::f32));
    for (int64_t i = 0; i < 3 * n; ++i) {
      const double x = a.data<double>()[i], y = b.data<double>()[i % n], z = c.data<double>()[i / n];
      REQUIRE(got[size_t(i)] == Catch::Approx(x * y + std::sin(z * x)).epsilon(1e-14).margin(1e-15));
      REQUIRE(single.to_vector()[size_t(i)] == Catch::Approx(x * y + std::sin(z * x)).epsilon(1e-5).margin(1e-6));
    }
  }
}

TEST_CASE("zip_sum sums over the last axis without storing what it sums", "[zip]") {
  const auto score = [](auto v, auto q, auto k) { return v * tanh(q + k); };
  const Tensor v = numbers({5}), query = numbers({2, 1, 5}, 1), keys = numbers({2, 4, 5}, 2);
  const Tensor a = zip_sum("score", score, v, query, keys), b = sum(v * tanh(query + keys), {-1});
  REQUIRE(a.shape() == Shape{2, 4});
  for (size_t i = 0; i < 8; ++i) CHECK(a.to_vector()[i] == Catch::Approx(b.to_vector()[i]).epsilon(1e-13));
  for (const int64_t n : {1, 7, 8, 9, 16, 17, 100}) {
    const Tensor row = numbers({3, n});
    const Tensor total = zip_sum(
        "row", [](auto x) { return x * x; }, row);
    const std::vector<double> expected = sum(square(row), {-1}).to_vector();
    for (size_t i = 0; i < 3; ++i) CHECK(total.to_vector()[i] == Catch::Approx(expected[i]).epsilon(1e-13));
  }
}

TEST_CASE("empty tensors give empty results and zero gradients", "[zip]") {
  const Tensor none = Tensor::empty({0, 3}, DType::f64), row = numbers({3});
  Tape tape;
  const Tensor y = zip(mix, none, row), s = zip_sum("s", mix, none, row);
  CHECK(y.shape() == Shape{0, 3});
  CHECK(s.shape() == Shape{0});
  const Gradients gradients = tape.gradients({y, s}, {none, Tensor::empty({0}, DType::f64)}, {row, none});
  CHECK(gradients[0].to_vector() == std::vector<double>{0, 0, 0});
  CHECK(gradients[1].shape() == Shape{0, 3});
  const Tensor inner = Tensor::empty({2, 0}, DType::f64);
  CHECK(zip_sum("s", mix, inner, inner).to_vector() == std::vector<double>{0, 0});
}

TEST_CASE("a sum over nothing, and over one", "[zip]") {
  const Tensor scalar = Tensor::scalar(3, DType::f64);
  CHECK(zip([](auto x) { return x * x; }, scalar).item() == 9);
  CHECK_THROWS_WITH(zip_sum(
                        "s", [](auto x) { return x; }, scalar),
                    ContainsSubstring("s"));
}

TEST_CASE("the gradient of a broadcast operand is the sum over where it went", "[zip]") {
  const Tensor x = Tensor::from<double>({2}), wide = numbers({3, 4});
  Tape tape;
  const Tensor loss = sum(zip([](auto a, auto b) { return a * b; }, x, wide));
  CHECK(tape.gradients(loss, Tensors{x})[0].item() == Catch::Approx(sum(wide).item()).epsilon(1e-13));
}

TEST_CASE("a third derivative is refused with a reason", "[zip]") {
  const Tensor x = numbers({2});
  Tape a, b, c;
  const Tensor first = c.gradients(sum(square(x)), Tensors{x})[0];
  const Tensor second = b.gradients(sum(first), Tensors{x})[0];
  CHECK(second.to_vector() == std::vector<double>{2, 2});
  CHECK_THROWS_WITH(a.gradients(sum(second), Tensors{x}), ContainsSubstring("third derivatives"));
}
