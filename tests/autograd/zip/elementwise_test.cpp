// Every operation of elementwise.h over many random shapes and layouts, against the C library.
#include "autograd/zip/elementwise.h"

#include <cmath>
#include <functional>
#include <random>

#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/activations.h"
#include "tests/catch.hpp"

using namespace heed;

namespace {

class Random {
 public:
  int64_t whole(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(engine_); }
  double real(double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine_); }
  bool chance(double p) { return real(0, 1) < p; }

  Shape shape() {
    Shape result;
    for (int64_t axis = whole(0, 3); axis-- > 0;) result.push_back(chance(0.04) ? 0 : whole(1, 3));
    return result;
  }
  // A shape that broadcasts to `full`: some axes of length 1, some of the first missing.
  Shape narrower(const Shape& full) {
    Shape result;
    for (int axis = static_cast<int>(whole(0, chance(0.5) ? 0 : full.rank())); axis < full.rank(); ++axis)
      result.push_back(chance(0.3) ? 1 : full[axis]);
    return result;
  }

 private:
  std::mt19937_64 engine_{11};
};

// What an operation may be given: numbers between low and high, none closer to a kink than 0.05.
struct Domain {
  double low = -2, high = 2;
  std::vector<double> kinks = {};
};

Tensor numbers(Random& random, const Shape& shape, const Domain& domain) {
  Tensor x = Tensor::empty(shape, DType::f64);
  for (int64_t i = 0; i < x.numel(); ++i) {
    double value;
    bool near_kink;
    do {
      value = random.real(domain.low, domain.high);
      near_kink = false;
      for (const double kink : domain.kinks) near_kink |= std::fabs(value - kink) < 0.05;
    } while (near_kink);
    x.mutable_data<double>()[i] = value;
  }
  return x;
}

// The same tensor out of another layout: transposed and back, or cut from a wider one.
Tensor relaid(Random& random, const Tensor& x) {
  if (x.rank() < 2 || random.chance(0.4)) return x;
  if (random.chance(0.5)) return transpose(contiguous(transpose(x, 0, -1)), 0, -1);
  return slice(concat({x, x}, -1), -1, x.size(-1), 2 * x.size(-1));
}

using Binary = Tensor (*)(const Tensor&, const Tensor&);
using Unary = std::function<Tensor(const Tensor&)>;

constexpr int kShapes = 50;

void check_unary(const std::string& name, const Unary& f, const std::function<double(double)>& exact,
                 const Domain& domain = {}) {
  Random random;
  for (int round = 0; round < kShapes; ++round) {
    const Tensor x = numbers(random, random.shape(), domain);
    const std::vector<double> xs = x.to_vector(), got = f(relaid(random, x)).to_vector();
    for (size_t i = 0; i < xs.size(); ++i) {
      INFO(name << " of " << xs[i]);
      REQUIRE(std::fabs(got[i] - exact(xs[i])) <= 1e-14 * std::max(1.0, std::fabs(exact(xs[i]))));
    }
  }
}

void check_binary(const std::string& name, Binary f, double (*exact)(double, double), const Domain& left = {},
                  const Domain& right = {}, bool has_tie = false) {
  Random random;
  for (int round = 0; round < kShapes; ++round) {
    const Shape full = random.shape();
    Tensor a = numbers(random, random.chance(0.5) ? full : random.narrower(full), left);
    Tensor b = numbers(random, random.chance(0.5) ? full : random.narrower(full), right);
    if (has_tie) {  // a on a grid, b between its points
      for (int64_t i = 0; i < a.numel(); ++i) a.mutable_data<double>()[i] = std::round(a.data<double>()[i] * 4) / 4;
      for (int64_t i = 0; i < b.numel(); ++i)
        b.mutable_data<double>()[i] = std::round(b.data<double>()[i] * 4) / 4 + 0.1;
    }
    const Tensor y = f(relaid(random, a), relaid(random, b));
    const std::vector<double> got = y.to_vector(), xs = expand(a, y.shape()).to_vector(),
                              ys = expand(b, y.shape()).to_vector();
    for (size_t i = 0; i < got.size(); ++i) {
      INFO(name << " of " << xs[i] << " and " << ys[i]);
      REQUIRE(got[i] == Catch::Approx(exact(xs[i], ys[i])).epsilon(1e-14));
    }
  }
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

TEST_CASE("binary operations agree with the C library", "[elementwise]") {
  const Domain away{-2, 2, {-0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4}}, positive{0.4, 2};
  check_binary("add", add, [](double a, double b) { return a + b; });
  check_binary("sub", sub, [](double a, double b) { return a - b; });
  check_binary("mul", mul, [](double a, double b) { return a * b; });
  check_binary(
      "div", div, [](double a, double b) { return a / b; }, {}, away);
  check_binary(
      "pow", pow, [](double a, double b) { return std::pow(a, b); }, positive);
  check_binary(
      "maximum", maximum, [](double a, double b) { return std::max(a, b); }, {}, {}, true);
  check_binary(
      "minimum", minimum, [](double a, double b) { return std::min(a, b); }, {}, {}, true);
}

TEST_CASE("unary operations agree with the C library", "[elementwise]") {
  const Domain positive{0.4, 3}, kink_at_0{-2, 2, {0}};
  check_unary("neg", neg, [](double x) { return -x; });
  check_unary(
      "exp", [](const Tensor& x) { return exp(x); }, [](double x) { return std::exp(x); });
  check_unary(
      "log", [](const Tensor& x) { return log(x); }, [](double x) { return std::log(x); }, positive);
  check_unary(
      "sqrt", [](const Tensor& x) { return sqrt(x); }, [](double x) { return std::sqrt(x); }, positive);
  check_unary(
      "tanh", [](const Tensor& x) { return tanh(x); }, [](double x) { return std::tanh(x); });
  check_unary(
      "sigmoid", [](const Tensor& x) { return sigmoid(x); }, logistic);
  check_unary(
      "abs", [](const Tensor& x) { return abs(x); }, [](double x) { return std::fabs(x); }, kink_at_0);
  check_unary("square", square, [](double x) { return x * x; });
  check_unary(
      "reciprocal", reciprocal, [](double x) { return 1 / x; }, positive);
  check_unary(
      "relu", relu, [](double x) { return x > 0 ? x : 0; }, kink_at_0);
  check_unary(
      "leaky_relu", [](const Tensor& x) { return leaky_relu(x, 0.1); }, [](double x) { return x > 0 ? x : 0.1 * x; },
      kink_at_0);
  for (const double beta : {0.5, 1.0, 3.0})
    check_unary(
        "softplus", [beta](const Tensor& x) { return softplus(x, beta); },
        [beta](double x) { return std::log1p(std::exp(beta * x)) / beta; });
  check_unary("gelu", gelu, [](double x) { return x * 0.5 * std::erfc(-x / std::sqrt(2.0)); });
  check_unary("gelu_tanh", gelu_tanh,
              [](double x) { return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))); });
  check_unary(
      "sin", [](const Tensor& x) { return sin(x); }, [](double x) { return std::sin(x); });
  check_unary(
      "cos", [](const Tensor& x) { return cos(x); }, [](double x) { return std::cos(x); });
  check_unary(
      "clamp", [](const Tensor& x) { return clamp(x, -1, 0.5); },
      [](double x) { return std::min(std::max(x, -1.0), 0.5); }, {-2, 2, {-1, 0.5}});
  check_unary(
      "clamp above", [](const Tensor& x) { return clamp(x, -INFINITY, 0.5); },
      [](double x) { return std::min(x, 0.5); }, {-2, 2, {0.5}});
}

TEST_CASE("operations with a number agree with the C library", "[elementwise]") {
  for (const double exponent : {0.0, 1.0, 2.0, 3.0})
    check_unary(
        "pow", [exponent](const Tensor& x) { return pow(x, exponent); },
        [exponent](double x) { return std::pow(x, exponent); }, {-2, 2, {0}});
  for (const double exponent : {-1.5, 0.5, 2.7})
    check_unary(
        "pow", [exponent](const Tensor& x) { return pow(x, exponent); },
        [exponent](double x) { return std::pow(x, exponent); }, {0.4, 2});
  check_unary(
      "add", [](const Tensor& x) { return add(x, 0.7); }, [](double x) { return x + 0.7; });
  check_unary(
      "mul", [](const Tensor& x) { return mul(x, -1.3); }, [](double x) { return x * -1.3; });
  check_unary(
      "operators", [](const Tensor& x) { return 2.0 - (x + 1.0) * 3.0 / 4.0 - 0.5; },
      [](double x) { return 2 - (x + 1) * 3 / 4 - 0.5; });
}

TEST_CASE("where and masked_fill choose, masks broadcasting", "[elementwise]") {
  Random random;
  for (int round = 0; round < kShapes; ++round) {
    const Shape full = random.shape();
    const Tensor a = numbers(random, random.narrower(full), {}), b = numbers(random, full, {});
    Tensor mask = Tensor::empty(random.narrower(full), DType::i64);
    for (int64_t i = 0; i < mask.numel(); ++i) mask.mutable_data<int64_t>()[i] = random.whole(-1, 1);
    const std::vector<double> m = expand(mask, full).to_vector(), xs = expand(a, full).to_vector();
    const std::vector<double> ys = b.to_vector(), got = where(mask, a, b).to_vector();
    const std::vector<double> fill = masked_fill(b, mask, -INFINITY).to_vector();
    for (size_t i = 0; i < got.size(); ++i) {
      REQUIRE(got[i] == (m[i] != 0 ? xs[i] : ys[i]));
      REQUIRE(fill[i] == (m[i] != 0 ? -INFINITY : ys[i]));
    }
  }
}

TEST_CASE("the branch that where does not take gets an exact zero, also beside infinities", "[elementwise]") {
  const Tensor x = Tensor::from<double>({0, 4}), mask = Tensor::from<int64_t>({0, 1});
  Tape tape;
  const Tensor y = where(mask, sqrt(x), x * 0.0);
  const Gradients gradients = tape.gradients({y}, {Tensor::full({2}, 1, DType::f64)}, {x});
  CHECK(gradients[0].to_vector()[1] == 0.25);
}

TEST_CASE("derivatives at kinks and ties are those that are promised", "[elementwise]") {
  const Tensor x = Tensor::from<double>({-1, 0, 0.5}), zero = Tensor::zeros({3}, DType::f64);
  const auto slope = [&](const Unary& f) {
    Tape tape;
    const Tensor y = f(x);
    return tape.gradients({y}, {Tensor::full({3}, 1, DType::f64)}, {x})[0].to_vector();
  };
  using V = std::vector<double>;
  CHECK(slope([](const Tensor& t) { return abs(t); }) == V{-1, 0, 1});
  CHECK(slope(relu) == V{0, 0, 1});
  CHECK(slope([](const Tensor& t) { return leaky_relu(t, 0.25); }) == V{0.25, 0.25, 1});
  CHECK(slope([](const Tensor& t) { return clamp(t, 0, 0.5); }) == V{0, 1, 1});
  CHECK(slope([&](const Tensor& t) { return maximum(t, zero); }) == V{0, 0.5, 1});
  CHECK(slope([&](const Tensor& t) { return minimum(t, zero); }) == V{1, 0.5, 0});
  CHECK(slope([](const Tensor& t) { return pow(t, 0.0); }) == V{0, 0, 0});
  CHECK(slope([](const Tensor& t) { return pow(t, 2.0); }) == V{-2, 0, 1});
}

TEST_CASE("to() converts, and gradients flow between f32 and f64", "[elementwise]") {
  const Tensor x = Tensor::from<double>({0.1, -2.5, 3});
  Tape tape;
  const Tensor y = to(x, DType::f32), z = to(square(y), DType::f64);
  CHECK(y.to_vector() == std::vector<double>{double(0.1f), -2.5, 3});
  CHECK(to(x, DType::i64).to_ids() == std::vector<int64_t>{0, -2, 3});
  const Tensor gradient = tape.gradients({z}, {Tensor::full({3}, 1, DType::f64)}, {x})[0];
  CHECK(gradient.dtype() == DType::f64);
  CHECK(gradient.to_vector()[1] == -5);
}

TEST_CASE("operands that do not fit are named with shapes and types", "[elementwise]") {
  Tensor weight = Tensor::zeros({3, 2});
  weight.set_label("output.weight");
  CHECK_THROWS_WITH(weight + Tensor::zeros({4, 2}), Catch::Matchers::ContainsSubstring("output.weight f32 [3, 2]") &&
                                                        Catch::Matchers::ContainsSubstring("f32 [4, 2]"));
  CHECK_THROWS_WITH(weight * Tensor::zeros({2}, DType::f64), Catch::Matchers::ContainsSubstring("f64 [2]"));
  CHECK_THROWS_WITH(weight * Tensor::zeros({2}, DType::i64), Catch::Matchers::ContainsSubstring("i64 [2]"));
  CHECK_THROWS_WITH(weight * Tensor(), Catch::Matchers::ContainsSubstring("undefined"));
}
