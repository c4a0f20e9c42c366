// Whatever adds up many floats gives what the same operation gives in double: forward, and the gradient of every input.
#include "autograd/kernels/long_sums.h"

#include <functional>

#include "autograd/kernels/blas.h"
#include "autograd/ops/conv.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/pooling.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/rows/attention_mask.h"
#include "nn/attention/rows/row_scores.h"
#include "nn/attention/rows/weighted_rows.h"
#include "tests/catch.hpp"

namespace heed {
namespace {

using Inputs = std::vector<Tensor>;
using Function = std::function<Tensor(const Inputs&)>;

// The result and all gradients, for an upstream that is of one sign and uneven.
std::vector<Tensor> all_of(const Function& f, const Inputs& x) {
  Tape tape;
  const Tensor y = f(x);
  Tensor up = Tensor::zeros({y.numel()}, DType::f64);
  for (int64_t i = 0; i < y.numel(); ++i) up.mutable_data<double>()[i] = 0.1f * static_cast<float>(1 + i % 7);
  const Gradients g = tape.gradients({y}, {reshape(copy_of(up, y.dtype()), y.shape())}, x);
  std::vector<Tensor> all{y};
  for (size_t i = 0; i < x.size(); ++i) all.push_back(g[i]);
  return all;
}

void check_digits(const std::string& name, const Inputs& x, const Function& f, double within = 2e-6) {
  Inputs exact;
  for (const Tensor& part : x) exact.push_back(copy_of(part, DType::f64));
  const std::vector<Tensor> single = all_of(f, x), right = all_of(f, exact);
  for (size_t i = 0; i < right.size(); ++i) {
    INFO(name << ", " << (i == 0 ? "result" : "gradient " + std::to_string(i - 1)));
    const double scale = amax(abs(right[i])).item();
    CHECK(amax(abs(copy_of(single[i], DType::f64) - right[i])).item() <= within * scale);
  }
}

Tensor tenths(const Shape& shape) { return Tensor::full(shape, 0.1); }
Tensor cyclic(int64_t n, int64_t period) {
  Tensor ids = Tensor::empty({n}, DType::i64);
  for (int64_t i = 0; i < n; ++i) ids.mutable_data<int64_t>()[i] = i % period;
  return ids;
}

// Some that move nothing to a total, some that do so once, and long ones.
const std::vector<int64_t> kCounts = {1, 2, kMostTerms - 1, kMostTerms, kMostTerms + 1, 2 * kMostTerms + 1, 300000};

TEST_CASE("entries that are named very often keep the digits of their sums", "[digits]") {
  for (const int64_t n : kCounts)
    for (const int64_t period : {1, 3}) {
      INFO(n << " of " << period);
      const Tensor ids = cyclic(n, period);
      check_digits("embedding", {tenths({3, 2})}, [&](const Inputs& x) { return embedding(x[0], ids); });
      check_digits("padding", {tenths({3, 2})}, [&](const Inputs& x) { return embedding(x[0], ids, 1); });
      check_digits("index_select", {tenths({2, 3})}, [&](const Inputs& x) { return index_select(x[0], 1, ids); });
      const Tensor both = expand(unsqueeze(ids, 0), {2, n});
      check_digits("gather", {tenths({2, 3})}, [&](const Inputs& x) { return gather(x[0], 1, both); });
      check_digits("a slice of gather", {tenths({2, 5})},
                   [&](const Inputs& x) { return gather(narrow(x[0], 1, 1, 3), 1, both); });
      check_digits("scatter_add", {tenths({2, 3}), tenths({2, n})},
                   [&](const Inputs& x) { return scatter_add(x[0], 1, both, x[1]); });
    }
}

TEST_CASE("softmax over a long line keeps its digits along every axis", "[digits]") {
  for (const int64_t n : {1, 31, 32, 33, 600, 300000})
    for (const Shape& shape : {Shape{2, n}, Shape{n, 3}}) {
      const int axis = shape[0] == n ? 0 : 1;
      INFO(to_string(shape) << " along " << axis);
      check_digits(
          "softmax", {tenths(shape)}, [&](const Inputs& x) { return softmax(x[0], axis); }, 5e-6);
      check_digits(
          "log_softmax", {tenths(shape)}, [&](const Inputs& x) { return log_softmax(x[0], axis); }, 5e-6);
      check_digits("logsumexp", {tenths(shape)}, [&](const Inputs& x) { return logsumexp(x[0], {axis}); });
      const Tensor mask = Tensor::full(shape, 1, DType::i64);
      check_digits(
          "masked", {tenths(shape)}, [&](const Inputs& x) { return masked_softmax(x[0], mask, axis); }, 5e-6);
    }
}

TEST_CASE("a product's long sums keep their digits", "[digits]") {
  constexpr int64_t most = blas::most_terms(1);
  for (const int64_t n : {most - 1, most, most + 1, 2 * most + 1, int64_t{500000}}) {
    INFO(n);
    check_digits("linear, rows", {tenths({n, 2}), tenths({3, 2}), tenths({3})},
                 [](const Inputs& x) { return linear(x[0], x[1], x[2]); });
    check_digits("linear, inputs", {tenths({2, n}), tenths({3, n}), tenths({3})},
                 [](const Inputs& x) { return linear(x[0], x[1], x[2]); });
    check_digits("matmul", {tenths({2, n}), tenths({n, 3})}, [](const Inputs& x) { return matmul(x[0], x[1]); });
    check_digits("of vectors", {tenths({n}), tenths({n})}, [](const Inputs& x) { return matmul(x[0], x[1]); });
    check_digits("addmm", {tenths({2}), tenths({1, n}), tenths({n, 2})},
                 [](const Inputs& x) { return addmm(x[0], x[1], x[2], 0.5, 3); });
  }
}

constexpr int64_t kManyResults = blas::kFewResults + 1;

TEST_CASE("a product of many results keeps its digits, too", "[digits]") {
  constexpr int64_t most = blas::most_terms(kManyResults);
  for (const int64_t n : {most, most + 1, 12 * most})
    check_digits(
        "matmul", {tenths({17, n}), tenths({n, 16})}, [](const Inputs& x) { return matmul(x[0], x[1]); }, 1e-5);
}

TEST_CASE("a long product is the same in strips, transposed and added to", "[digits]") {
  Rng rng(2);
  constexpr int64_t k = blas::most_terms(kManyResults) + 100;
  for (const auto& [m, n] : {std::pair<int64_t, int64_t>{3, 5}, {2000, 70}, {1, 70000 / 300}})
    for (const bool ta : {false, true})
      for (const bool tb : {false, true}) {
        const Tensor a = rng.normal(ta ? Shape{k, m} : Shape{m, k}, 0, 1),
                     b = rng.normal(tb ? Shape{n, k} : Shape{k, n}, 0, 1);
        Tensor wide = rng.normal({m, n + 3}, 0, 1);
        Tensor exact = copy_of(narrow(wide, 1, 2, n), DType::f64);
        Tensor c = wide.view({m, n}, wide.strides(), 2);
        const Tensor left = copy_of(narrow(wide, 1, 0, 2)), right = copy_of(narrow(wide, 1, n + 2, 1));
        blas::multiply(exact, copy_of(a, DType::f64), ta, copy_of(b, DType::f64), tb, 0.5, 2);
        blas::multiply(c, a, ta, b, tb, 0.5, 2);
        INFO(m << " " << n << " " << ta << tb);
        CHECK(amax(abs(copy_of(c, DType::f64) - exact)).item() < 1e-5 * std::sqrt(static_cast<double>(k)));
        CHECK(narrow(wide, 1, 0, 2).to_vector() == left.to_vector());
        CHECK(narrow(wide, 1, n + 2, 1).to_vector() == right.to_vector());
        blas::multiply(c, a, ta, b, tb, 0, 1);  // whatever is there
        blas::multiply(exact, copy_of(a, DType::f64), ta, copy_of(b, DType::f64), tb, 0, 1);
        CHECK(amax(abs(copy_of(c, DType::f64) - exact)).item() < 1e-5 * std::sqrt(static_cast<double>(k)));
      }
}

TEST_CASE("the sums of windows keep their digits", "[digits]") {
  for (const int64_t n : {kMostTerms, kMostTerms + 1, int64_t{20000}})
    check_digits("conv2d", {tenths({n, 1, 3, 3}), tenths({2, 1, 3, 3}), tenths({2})},
                 [](const Inputs& x) { return conv2d(x[0], x[1], x[2]); });
  check_digits("in groups", {tenths({3000, 2, 3, 3}), tenths({4, 1, 3, 3}), tenths({4})},
               [](const Inputs& x) { return conv2d(x[0], x[1], x[2], {.groups = 2}); });
  check_digits("of one place", {tenths({1, 2, 400, 400}), tenths({3, 2, 1, 1}), tenths({3})},
               [](const Inputs& x) { return conv2d(x[0], x[1], x[2]); });
  check_digits("avg_pool2d", {tenths({1, 2, 120, 120})}, [](const Inputs& x) {
    return avg_pool2d(x[0], {.kernel = {60, 60}, .stride = {1, 1}});
  });
}

TEST_CASE("attention over many places, and by many queries, keeps the digits of its sums", "[digits]") {
  for (const int64_t n : kCounts)
    for (const bool wide : {false, true}) {
      const int64_t queries = wide ? 2 : n, places = wide ? n : 2;
      const SharedMask mask = attend_to_blocks(places, std::vector<int64_t>(static_cast<size_t>(queries), 0));
      INFO(queries << " queries, " << places << " places");
      check_digits("additive_scores", {tenths({queries, 3}), tenths({3}), tenths({places, 3})},
                   [&](const Inputs& x) { return additive_scores(x[0], x[1], x[2], mask); });
      check_digits("dot_scores", {tenths({queries, 3}), tenths({places, 3})},
                   [&](const Inputs& x) { return dot_scores(x[0], x[1], mask); });
      check_digits("weighted_rows", {tenths({queries, places}), tenths({places, 3})},
                   [&](const Inputs& x) { return weighted_rows(x[0], x[1], mask); });
    }
}

}  // namespace
}  // namespace heed
