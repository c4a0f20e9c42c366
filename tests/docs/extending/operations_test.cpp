// The operations and the layer of docs/extending.md. documents_test.cpp holds the two together: every block
// of the document stands in a file of this folder as it stands there. The names after "docs:" are those of
// its sections.
#include "autograd/base/rng.h"
#include "autograd/check/gradcheck.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/record.h"
#include "autograd/views/views.h"
#include "autograd/zip/dual.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"
#include "nn/layers/linear.h"
#include "tests/catch.hpp"

using namespace heed;

namespace {

// docs: out of what is there
// Squared distances between the rows of a [N, D] and of b [M, D], as [N, M]:
//     |a_i - b_j|^2 = |a_i|^2 + |b_j|^2 - 2 a_i b_j
Tensor distances(const Tensor& a, const Tensor& b) {
  const Tensor squares = unsqueeze(sum(square(a), {1}), 1) + sum(square(b), {1});
  return squares - 2 * matmul(a, transpose(b, 0, 1));
}

// docs: one lambda
Tensor swish(const Tensor& x) {
  const auto f = [](auto v) { return v * sigmoid(v); };
  return zip("swish", f, x);
}

// docs: branches and constants
// Huber's loss: d^2 / 2 for a small difference d, and beyond `delta` only linear, so that outliers pull less.
Tensor huber(const Tensor& x, const Tensor& target, double delta) {
  const auto loss = [delta](auto a, auto b) {
    auto d = abs(a - b);
    return where(d <= delta, 0.5 * d * d, delta * (d - 0.5 * delta));
  };
  return zip("huber", loss, x, target);
}

// docs: several results
// Polar coordinates: [0] = r cos(phi), [1] = r sin(phi).
std::array<Tensor, 2> from_polar(const Tensor& r, const Tensor& phi) {
  const auto point = [](auto length, auto angle) { return std::tuple(length * cos(angle), length * sin(angle)); };
  return zip("from_polar", point, r, phi);
}

// docs: a new scalar function
template <class T>
Vec<T> atan(Vec<T> x) {
  return simd::each([](T t) { return std::atan(t); }, x);
}
template <class V, int N>
Dual<V, N> atan(const Dual<V, N>& x) {  // d/dx atan x = 1 / (1 + x^2)
  return chain(atan(x.value), V(1.0) / (V(1.0) + x.value * x.value), x);
}

Tensor atan(const Tensor& x) {
  const auto f = [](auto v) { return atan(v); };
  return zip("atan", f, x);
}

// docs: record
// Running sums along the last axis: y_i = x_0 + .. + x_i, or from the other end: y_i = x_i + .. + x_last.
Tensor running_sum(const Tensor& x, bool from_right = false) {
  if (!x || x.rank() == 0) throw Error("running_sum: wants at least one axis, got {}", describe(x));
  const Tensor dense = densify(x);
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  dispatch_float(x.dtype(), "running_sum", [&]<class T>(T) {
    const T* from = dense.data<T>();
    T* to = y.mutable_data<T>();
    const int64_t n = x.size(-1);
    for (int64_t line = 0; line < x.numel(); line += n) {
      T total = 0;
      for (int64_t k = 0; k < n; ++k) {
        const int64_t i = line + (from_right ? n - 1 - k : k);
        to[i] = total += from[i];
      }
    }
  });
  return record("running_sum", {x}, y, [from_right](const Tensor& dy) { return running_sum(dy, !from_right); });
}

// docs: several steps as one
Tensor distances_as_one(const Tensor& a, const Tensor& b) {
  Tensor y;
  {
    const Untaped guard;  // the steps inside are not recorded
    y = distances(a, b);
  }
  return record("distances", {a, b}, y, [a, b](const Tensor& dy, Adjoints& d) {
    if (d.wanted(0)) d.add(0, 2 * (sum(dy, {1}, true) * a - matmul(dy, b)));
    if (d.wanted(1)) d.add(1, 2 * (unsqueeze(sum(dy, {0}), 1) * b - matmul(transpose(dy, 0, 1), a)));
  });
}

// docs: a layer
// A highway layer (Srivastava, Greff, Schmidhuber 2015, eq. 3): the gate T mixes the new value and the old.
//     T = sigmoid(W_T x + b_T)        y = T tanh(W_H x + b_H) + (1 - T) x
struct Highway {
  Linear change, gate;  // W_H, b_H and W_T, b_T: both [size, size]

  Highway() = default;
  Highway(int64_t size, Rng& rng) : change(size, size, rng), gate(size, size, rng) {}

  Tensor operator()(const Tensor& x) const {  // [.., size] -> [.., size]
    const auto mix = [](auto h, auto g, auto before) {
      auto open = sigmoid(g);
      return open * tanh(h) + (1 - open) * before;
    };
    return zip("highway", mix, change(x), gate(x), x);
  }
  void parts(auto& visit) {
    visit("change", change);
    visit("gate", gate);
  }
};

using Inputs = std::vector<Tensor>;

Tensor normal(const Shape& shape, Rng& rng) { return rng.normal(shape, 0, 1, DType::f64); }

const GradcheckOptions both_orders{.second_order = true};

void check(const GradcheckReport& report) {
  INFO(report.text());
  CHECK(report.passed());
}

}  // namespace

// docs: checking an operation
TEST_CASE("swish has the right gradient", "[extending]") {
  Rng rng(1);
  const Tensor x = rng.normal({3, 4}, 0, 1, DType::f64);
  const GradcheckReport report =
      gradcheck("swish", [](const std::vector<Tensor>& in) { return swish(in[0]); }, {x}, {.second_order = true});
  INFO(report.text());
  CHECK(report.passed());
}

// docs: checking a layer
TEST_CASE("a highway layer has the right gradients", "[extending]") {
  Rng rng(1);
  Highway layer(5, rng);
  convert(layer, DType::f64);
  Parameters parameters(layer);
  const Tensor x = rng.normal({7, 5}, 0, 1, DType::f64);
  const GradcheckReport report = gradcheck_model(
      "highway", [&] { return sum(square(layer(x))); }, parameters);
  INFO(report.text());
  CHECK(report.passed());
}

// docs: end

TEST_CASE("the operations of the document have the right gradients, in both orders", "[extending]") {
  Rng rng(2);
  const Tensor a = normal({3, 4}, rng), b = normal({5, 4}, rng), c = normal({3, 4}, rng);
  check(gradcheck(
      "distances", [](const Inputs& x) { return distances(x[0], x[1]); }, {a, b}, both_orders));
  check(gradcheck(
      "one", [](const Inputs& x) { return distances_as_one(x[0], x[1]); }, {a, b}, both_orders));
  check(gradcheck(
      "huber", [](const Inputs& x) { return huber(x[0], x[1], 0.7); }, {a, c}, both_orders));
  check(gradcheck(
      "polar", [](const Inputs& x) { return from_polar(x[0], x[1]); }, {a, c}, both_orders));
  check(gradcheck(
      "atan", [](const Inputs& x) { return atan(x[0]); }, {a}, both_orders));
  check(gradcheck(
      "sums", [](const Inputs& x) { return running_sum(x[0]); }, {a}, both_orders));
}

TEST_CASE("the operations of the document have the right values", "[extending]") {
  const Tensor x = Tensor::from<double>({1, -2, 4, 0.5}, {2, 2});
  CHECK(running_sum(x).to_vector() == std::vector<double>{1, -1, 4, 4.5});
  CHECK(running_sum(x, true).to_vector() == std::vector<double>{-1, -2, 4.5, 0.5});
  CHECK(running_sum(Tensor::zeros({3, 0})).numel() == 0);
  CHECK_THROWS_AS(running_sum(Tensor::scalar(1)), Error);
  CHECK(distances(x, x).to_vector() == std::vector<double>{0, 15.25, 15.25, 0});
  CHECK(distances_as_one(x, x).to_vector() == distances(x, x).to_vector());
  CHECK(huber(x, Tensor::scalar(0, DType::f64), 1).to_vector() == std::vector<double>{0.5, 1.5, 3.5, 0.125});
  CHECK(swish(x).at({0, 0}) == Catch::Approx(1 / (1 + std::exp(-1.0))));
  CHECK(atan(x).at({1, 0}) == Catch::Approx(std::atan(4.0)));
  CHECK(from_polar(x, x)[1].at({0, 1}) == Catch::Approx(-2 * std::sin(-2.0)));
}
