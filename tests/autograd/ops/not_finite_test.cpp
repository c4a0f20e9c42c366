// What is masked, or has weight 0, is not looked at, were it infinite or NaN. What is NaN stays NaN.
#include <cmath>

#include "autograd/ops/conv.h"
#include "autograd/ops/extrema.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/activations.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/attention.h"
#include "nn/attention/hard_attention.h"
#include "nn/attention/multi_head.h"
#include "nn/layers/dropout.h"
#include "nn/layers/maxout.h"
#include "nn/losses/losses.h"
#include "tests/catch.hpp"

namespace heed {
namespace {

const double nan = std::nan(""), inf = INFINITY;
using Numbers = std::vector<double>;
using Unary = Tensor (*)(const Tensor&);
using Binary = Tensor (*)(const Tensor&, const Tensor&);

Tensor numbers(const Numbers& x, DType dtype = DType::f64) {
  return Tensor::from(x, {static_cast<int64_t>(x.size())}, dtype);
}
Tensor matrix(const Numbers& x, int64_t columns, DType dtype = DType::f64) {
  return Tensor::from(x, {static_cast<int64_t>(x.size()) / columns, columns}, dtype);
}
bool has_nan(const Tensor& x) {
  for (const double number : x.to_vector())
    if (std::isnan(number)) return true;
  return false;
}
bool finite(const Tensor& x) {
  for (const double number : x.to_vector())
    if (!std::isfinite(number)) return false;
  return true;
}

const DType types[] = {DType::f32, DType::f64};

// --- NaN stays

TEST_CASE("NaN goes through every function of one number", "[not finite]") {
  for (const DType dtype : types)
    for (const int64_t n : {1, 7, 16, 40}) {  // less and more than a register
      Tensor x = Tensor::full({n}, 1, dtype);
      dispatch_float(dtype, "test", [&]<class T>(T) { x.mutable_data<T>()[n - 1] = static_cast<T>(nan); });
      for (const auto& activation : activations) {
        INFO(activation.name);
        CHECK(std::isnan(activation.make(x).to_vector().back()));
      }
      constexpr Unary functions[] = {exp, log, sqrt, tanh, sigmoid, abs, square, neg, reciprocal, sin, cos};
      for (const Unary f : functions) CHECK(std::isnan(f(x).to_vector().back()));
      CHECK(std::isnan(clamp(x, -1, 1).to_vector().back()));
      CHECK(has_nan(sum(x)));
      CHECK(has_nan(logsumexp(x)));
      CHECK(has_nan(softmax(x)));
      CHECK(has_nan(norm(x)));
    }
}

TEST_CASE("of a number and NaN the larger and the smaller are NaN", "[not finite]") {
  for (const DType dtype : types) {
    const Tensor a = numbers({nan, 1, nan, 2}, dtype), b = numbers({1, nan, nan, 3}, dtype);
    for (const Binary f : {Binary(maximum), Binary(minimum)}) {
      const Numbers y = f(a, b).to_vector();
      CHECK((std::isnan(y[0]) && std::isnan(y[1]) && std::isnan(y[2]) && !std::isnan(y[3])));
      CHECK(std::isnan(f(b, a).to_vector()[0]));
    }
  }
  CHECK(maximum(numbers({-inf}), numbers({-inf})).item() == -inf);
}

TEST_CASE("the extreme of numbers with NaN is NaN, and stands where it is", "[not finite]") {
  for (const DType dtype : types)
    for (const int64_t n : {3, 16, 64, 65, 200})
      for (const int64_t at : {int64_t{0}, n / 2, n - 1}) {
        Numbers values(static_cast<size_t>(n), 2);
        values[static_cast<size_t>(at)] = nan;
        values[static_cast<size_t>(n - 1 - at)] = at == n - 1 - at ? nan : 5;
        const Tensor row = numbers(values, dtype), column = unsqueeze(row, 1);
        const Tensor wide = expand(column, {n, 5});
        CHECK(has_nan(amax(row)));
        CHECK(has_nan(amin(row)));
        CHECK(argmax(row, 0).to_ids()[0] == at);
        CHECK(argmin(row, 0).to_ids()[0] == at);
        CHECK(argmax(wide, 0).to_ids() == std::vector<int64_t>(5, at));
        CHECK(argmin(wide, 0).to_ids() == std::vector<int64_t>(5, at));
        CHECK(has_nan(max(wide, 0).first));
        Tape tape;
        const Numbers g = tape.gradients(amax(row), {row})[0].to_vector();
        CHECK(g[static_cast<size_t>(at)] == 1);
      }
  CHECK(argmax(numbers({1, nan, nan}), 0).to_ids()[0] == 1);
  CHECK(maxout(numbers({1, nan, nan, 1, 3, 4})).to_vector()[2] == 4);
  CHECK(std::isnan(maxout(numbers({1, nan, nan, 1, 3, 4})).to_vector()[0]));
  for (const int64_t pool : {2, 3}) {
    const Tensor x = matrix(Numbers(static_cast<size_t>(48 * pool), nan), 48 * pool);
    CHECK(std::isnan(maxout(x, pool).to_vector()[0]));
  }
}

// --- what is masked is not looked at

TEST_CASE("a target of 0 does not look at its logit", "[not finite]") {
  for (const DType dtype : types) {
    const Tensor logits = matrix({0, 1, -inf}, 3, dtype), targets = matrix({1, 0, 0}, 3, dtype);
    Tape tape;
    const Tensor loss = cross_entropy_prob(logits, targets);
    CHECK(loss.item() == Catch::Approx(1.31326).epsilon(1e-5));
    const Gradients g = tape.gradients(loss, {logits, targets});
    CHECK(finite(g[0]));
    const Tensor weight = numbers({1, 1, 0}, dtype), ids = Tensor::from(std::vector<int64_t>{2, 0}, {2});
    const Tensor both = matrix({0, 1, -inf, 0, 1, -inf}, 3, dtype);
    CHECK(cross_entropy(both, ids, {.weight = weight}).item() == Catch::Approx(1.31326).epsilon(1e-5));
    CHECK(std::isfinite(cross_entropy(both, ids, {.label_smoothing = 0.1, .weight = weight}).item()));
  }
}

TEST_CASE("binary cross entropy at its ends", "[not finite]") {
  const auto loss = [](double x, double t, DType dtype) {
    return bce_with_logits(numbers({x}, dtype), numbers({t}, dtype)).item();
  };
  for (const DType dtype : types) {
    CHECK(loss(-inf, 0, dtype) == 0);
    CHECK(loss(inf, 1, dtype) == 0);
    CHECK(loss(inf, 0, dtype) == inf);
    CHECK(loss(-inf, 1, dtype) == inf);
    CHECK(std::isnan(loss(nan, 0, dtype)));
    CHECK(std::isnan(loss(nan, 1, dtype)));
    for (const double x : {-30.0, -15.0, -10.0, -1.0, 0.0, 1.0, 10.0, 15.0, 30.0}) {
      CHECK(loss(x, 0, dtype) ==
            Catch::Approx(x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x))).epsilon(1e-6));
      CHECK(loss(-x, 1, dtype) == Catch::Approx(loss(x, 0, dtype)).epsilon(1e-6));
    }
    const Tensor x = numbers({-inf, inf, inf}, dtype), t = numbers({0, 1, 0}, dtype), w = numbers({1, 1, 0}, dtype);
    Tape tape;
    const Tensor y = bce_with_logits(x, t, Reduction::sum, w);
    CHECK(y.item() == 0);
    CHECK(tape.gradients(y, {x})[0].to_vector() == Numbers{0, 0, 0});
  }
}

TEST_CASE("a loss wants predictions and targets of one shape", "[not finite]") {
  const Tensor a = Tensor::zeros({3, 1}), b = Tensor::zeros({3}), one = Tensor::zeros({});
  CHECK_THROWS_WITH(mse(a, b), Catch::Matchers::ContainsSubstring("one shape"));
  CHECK_THROWS_WITH(mse(b, one), Catch::Matchers::ContainsSubstring("one shape"));
  CHECK_THROWS_WITH(bce_with_logits(a, b), Catch::Matchers::ContainsSubstring("one shape"));
  CHECK_THROWS_AS(cross_entropy_prob(a, b), Error);
  CHECK_THROWS_AS(cross_entropy(a, Tensor::zeros({3, 1}, DType::i64)), Error);
  CHECK_THROWS_AS(nll(a, Tensor::zeros({1}, DType::i64)), Error);
  CHECK(mse(b, b).item() == 0);
}

// Attention over three keys of which the last is hidden, with and without numbers that are not finite there.
TEST_CASE("attention does not look at what a mask hides", "[not finite]") {
  for (const double bad : {nan, inf, -inf})
    for (const DType dtype : types) {
      const Tensor q = Tensor::from(Numbers{1, 2, 3, 4}, {1, 2, 2}, dtype), weight = numbers({1, 3}, dtype);
      const auto run = [&](double hidden, bool causal) {
        const Tensor k = Tensor::from(Numbers{1, 0, 0, 1, hidden, hidden}, {1, 3, 2}, dtype);
        const Tensor v = Tensor::from(Numbers{5, 6, 7, 8, hidden, 1}, {1, 3, 2}, dtype);
        const Tensor mask = Tensor::from(std::vector<int64_t>{1, 1, 0}, {1, 3});
        Tape tape;
        const auto [y, alpha] = scaled_dot_product(q, k, v, {.mask = causal ? Tensor() : mask, .causal = causal});
        const Gradients g = tape.gradients(sum(y * weight), {q, k, v});
        return std::tuple(y.to_vector(), alpha.to_vector(), g[0].to_vector(), narrow(g[1], 1, 0, 2).to_vector(),
                          narrow(g[2], 1, 0, 2).to_vector());
      };
      for (const bool causal : {false, true}) {
        const auto good = run(0, causal), now = run(bad, causal);
        const auto close = [](const Numbers& a, const Numbers& b) {
          for (size_t i = 0; i < a.size(); ++i) CHECK(a[i] == Catch::Approx(b[i]).margin(1e-6));
        };
        close(std::get<0>(now), std::get<0>(good));
        close(std::get<1>(now), std::get<1>(good));
        close(std::get<2>(now), std::get<2>(good));
        close(std::get<3>(now), std::get<3>(good));
        close(std::get<4>(now), std::get<4>(good));
      }
    }
}

TEST_CASE("heads do not look at hidden keys, and learn as if these were not there", "[not finite]") {
  Rng rng(1);
  MultiHeadAttention heads(4, 2, rng);
  convert(heads, DType::f64);
  Parameters parameters(heads);
  const Tensor query = rng.uniform({2, 3, 4}, -1, 1, DType::f64), keys = rng.uniform({2, 3, 4}, -1, 1, DType::f64);
  const Tensor mask = Tensor::from(std::vector<int64_t>{1, 1, 0, 1, 0, 0}, {2, 3});
  const auto run = [&](double hidden) {
    const Tensor given = where(unsqueeze(mask, 2), keys, Tensor::full({}, hidden, DType::f64));
    Tape tape;
    const Tensor y = heads(query, given, given, mask).y;
    return std::pair(y.to_vector(), tape.gradients(sum(square(y)), parameters).flat().to_vector());
  };
  const auto good = run(0);
  for (const double bad : {nan, inf, 7.0}) {
    const auto now = run(bad);
    for (size_t i = 0; i < good.first.size(); ++i) CHECK(now.first[i] == Catch::Approx(good.first[i]).margin(1e-12));
    for (size_t i = 0; i < good.second.size(); ++i)
      CHECK(now.second[i] == Catch::Approx(good.second[i]).margin(1e-12));
  }
}

TEST_CASE("a local window does not look beyond its borders", "[not finite]") {
  Rng rng(1);
  Attention attention{DotScore({2, 2, 2}, rng), LocalMonotonicWindow()};
  attention.window.radius = 1;
  const Tensor query = numbers({1, 2}), position = Tensor::from(std::vector<int64_t>{1});
  const auto run = [&](double hidden) {
    const Tensor h = matrix({1, 2, 3, 4, 5, 6, hidden, hidden}, 2);
    Tape tape;
    const auto memory = attention.remember(h, attend_to(pack(reshape(h, {4, 1, 2}))));
    const Tensor q = reshape(query, {1, 2});
    const Tensor c = attention(q, memory, position).context;
    const Gradients g = tape.gradients(sum(square(c)), {query, h});
    return std::tuple(c.to_vector(), g[0].to_vector(), narrow(g[1], 0, 0, 3).to_vector());
  };
  for (const double bad : {nan, inf}) CHECK(run(bad) == run(0));
}

TEST_CASE("steps that do not count may be impossible", "[not finite]") {
  const Tensor logp = matrix({-1, -inf}, 2), log_pi = matrix({-2, -inf}, 2), entropy = matrix({0.5, nan}, 2);
  const Tensor mask = Tensor::from(std::vector<int64_t>{1, 0}, {1, 2});
  Tape tape;
  const Tensor loss =
      hard_attention_loss({logp, log_pi, entropy, numbers({1}), Tensor::zeros({}, DType::f64), mask}, 1, 0.1);
  CHECK(loss.item() == Catch::Approx(-(-1 - 2 + 0.05)));
  const Gradients g = tape.gradients(loss, {logp, log_pi});
  CHECK(g[0].to_vector() == Numbers{-1, 0});
  CHECK(g[1].to_vector() == Numbers{-1, 0});
  const Tensor even = hard_attention_loss(
      {numbers({-1}).view({1, 1}, {1, 1}), matrix({-inf}, 1), matrix({0.5}, 1), numbers({2}), numbers({2}), {}}, 1,
      0.1);
  CHECK(even.item() == Catch::Approx(0.95));  // a reward as expected says nothing of the choice
}

TEST_CASE("what is dropped may be infinite", "[not finite]") {
  const Tensor x = numbers({1, nan, inf}), mask = numbers({1, 0, 0});
  Tape tape;
  const Tensor y = dropout_with_mask(x, mask, 0.5);
  CHECK(y.to_vector() == Numbers{2, 0, 0});
  CHECK(tape.gradients(sum(y), {x})[0].to_vector() == Numbers{2, 0, 0});
  CHECK(where(mask, x, Tensor::zeros({3}, DType::f64)).to_vector() == Numbers{1, 0, 0});
  CHECK(masked_softmax(x, to(mask, DType::i64)).to_vector() == Numbers{1, 0, 0});
}

TEST_CASE("one infinite pixel reaches those who see it, and nobody else", "[not finite]") {
  const Shape image{1, 64, 12, 12}, kernel{64, 64, 3, 3};
  for (const double bad : {inf, nan}) {
    Tensor x = Tensor::full(image, 1), w = Tensor::full(kernel, 1);
    x.mutable_data<float>()[5 * 12 + 5] = static_cast<float>(bad);
    int64_t spoilt = 0;
    for (const double y : conv2d(x, w, {}, {.padding = {1, 1}}).to_vector()) spoilt += !std::isfinite(y);
    CHECK(spoilt == 64 * 9);
    const Tensor gradient = x;  // as that of the output, and as what a weight has seen
    Tape tape;
    const Tensor input = Tensor::full(image, 1);
    const Gradients g = tape.gradients({conv2d(input, w, {}, {.padding = {1, 1}})}, {gradient}, {input, w});
    spoilt = 0;
    for (const double dx : g[0].to_vector()) spoilt += !std::isfinite(dx);
    CHECK(spoilt == 64 * 9);
    spoilt = 0;
    for (const double dw : g[1].to_vector()) spoilt += !std::isfinite(dw);
    CHECK(spoilt == 64 * 9);  // of output channel 0
  }
}

}  // namespace
}  // namespace heed
