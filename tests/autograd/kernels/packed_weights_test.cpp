#include "autograd/kernels/packed_weights.h"

#include <thread>

#include "autograd/base/memory.h"
#include "autograd/kernels/blas.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"
#include "tests/nn/checks.h"

using namespace heed;
using namespace heed::test;

TEST_CASE("a packed matrix multiplies as BLAS does", "[packed]") {
  Rng rng(3);
  const double tolerance = GENERATE(1e-12, 1e-4);
  const DType dtype = tolerance < 1e-6 ? DType::f64 : DType::f32;
  for (int round = 0; round < 60; ++round) {
    const bool transposed = rng.below(2), add = rng.below(2);
    const int64_t rows = 1 + rng.below(40), outer = 1 + rng.below(100), inner = round < 50 ? rng.below(90) : 700;
    const Tensor a = narrow(rng.uniform({rows, inner + 3}, -1, 1, dtype), 1, 1, inner);
    const Tensor weight =
        transposed ? rng.uniform({outer, inner}, -1, 1, dtype) : rng.uniform({inner, outer}, -1, 1, dtype);
    Tensor expected = rng.uniform({rows, outer}, -1, 1, dtype), got = Tensor::empty({rows, outer}, dtype);
    copy_into(got, expected);
    blas::multiply(expected, a, false, weight, transposed, add);
    PackedMatrix(weight, transposed).multiply(got, a, add);
    INFO(rows << " x " << inner << " x " << outer << (transposed ? " transposed" : "") << (add ? " added" : ""));
    CHECK(largest_difference(got, expected) <= tolerance);
  }
}

TEST_CASE("a row's product does not depend on the other rows", "[packed]") {
  Rng rng(5);
  const Tensor x = rng.uniform({50, 64}, -1, 1), weight = rng.uniform({70, 64}, -1, 1);
  const PackedMatrix packed(weight, true);
  Tensor all = Tensor::empty({50, 70}), one = Tensor::empty({1, 70});
  packed.multiply(all, x, false);
  packed.multiply(one, narrow(x, 0, 31, 1), false);
  CHECK(narrow(all, 0, 31, 1).to_vector() == one.to_vector());
}

namespace {

// The last state of a few steps h = tanh(h W^T), as a sum, and its gradient.
std::vector<double> repeated(const Tensor& weight, const Tensor& start, int steps, Immutable* in_common = nullptr) {
  Tape tape({.in_common = in_common});
  Tensor h = start;
  for (int t = 0; t < steps; ++t) h = tanh(linear(h, weight));
  return tape.gradients(sum(h), {weight, start})[0].to_vector();
}

}  // namespace

TEST_CASE("a tape packs what it meets again, and forgets it when weights may change", "[packed]") {
  Rng rng(7);
  Tensor weight = rng.uniform({64, 64}, -0.2, 0.2, DType::f64);
  const Tensor start = rng.uniform({5, 64}, -1, 1, DType::f64);
  const Tensor tall = concat(std::vector<Tensor>(60, start), 0);  // too many rows to be packed: BLAS
  const std::vector<double> few = repeated(weight, start, 6), many = repeated(weight, tall, 6);
  for (size_t i = 0; i < few.size(); ++i) CHECK(many[i] == Catch::Approx(60 * few[i]).margin(1e-10));

  Tape tape;
  for (int t = 0; t < 3; ++t) linear(start, weight);
  tape.gradients(sum(linear(start, weight)), {weight});
  weight.mutable_data<double>()[5] += 1;
  Tensor plain = Tensor::empty({5, 64}, DType::f64);
  blas::multiply(plain, start, false, weight, true);
  for (int t = 0; t < 3; ++t) CHECK(largest_difference(linear(start, weight), plain) < 1e-12);
}

TEST_CASE("what a tape computes and multiplies with once is not copied", "[packed]") {
  Rng rng(11);
  const Tensor weight = rng.uniform({256, 256}, -1, 1), x = rng.uniform({2, 256}, -1, 1);
  constexpr int64_t size = 256 * 256 * sizeof(float);
  Tape tape;
  const auto grown = [&](int uses) {
    const int64_t before = memory::live_bytes();
    for (int i = 0; i < 20; ++i) {
      const Tensor other = weight * (1.0 + i);  // the tape keeps it, for the gradient of x
      for (int use = 0; use < uses; ++use) linear(x, other);
    }
    return memory::live_bytes() - before;
  };
  CHECK(grown(1) < 20 * size * 3 / 2);
  CHECK(grown(2) > 20 * size * 3 / 2);
}

TEST_CASE("a shared copy lives as long as somebody keeps it", "[packed]") {
  Rng rng(8);
  Tensor weight = rng.uniform({64, 64}, -1, 1);
  const Tensor other = rng.uniform({64, 64}, -1, 1), x = rng.uniform({3, 64}, -1, 1);
  SharedPacking shared;
  auto kept = shared.find(weight, true);
  CHECK(shared.find(weight, true) == kept);
  CHECK(shared.find(weight.view(weight.shape(), weight.strides()), true) == kept);
  CHECK(shared.find(weight, false) != kept);
  CHECK(shared.find(other, true) != kept);
  kept.reset();
  weight.mutable_data<float>()[7] += 1;  // nobody keeps a copy now
  Tensor expected = Tensor::empty({3, 64}), got = Tensor::empty({3, 64});
  blas::multiply(expected, x, false, weight, true);
  shared.find(weight, true)->multiply(got, x, false);
  CHECK(largest_difference(got, expected) < 1e-5);
}

TEST_CASE("tapes with shared packing give what each would give alone", "[packed]") {
  Rng rng(10);
  const Tensor weight = rng.uniform({64, 64}, -0.2, 0.2), start = rng.uniform({5, 64}, -1, 1);
  const std::vector<double> alone = repeated(weight, start, 6);
  Immutable shared;
  std::vector<std::vector<double>> together(4);
  std::vector<std::thread> threads;
  for (auto& result : together) threads.emplace_back([&] { result = repeated(weight, start, 6, &shared); });
  for (std::thread& thread : threads) thread.join();
  for (const auto& result : together) CHECK(result == alone);
}

TEST_CASE("several threads share packed weights", "[packed]") {
  Rng rng(9);
  const Tensor weight = rng.uniform({80, 64}, -1, 1), x = rng.uniform({6, 64}, -1, 1);
  Immutable weights;
  std::vector<Tensor> results(4);
  std::vector<std::thread> threads;
  for (Tensor& result : results)
    threads.emplace_back([&] {
      const Immutable::Scope scope(weights);
      for (int round = 0; round < 20; ++round) result = linear(x, weight);
    });
  for (std::thread& thread : threads) thread.join();
  for (const Tensor& result : results) CHECK(result.to_vector() == results[0].to_vector());
  CHECK(largest_difference(results[0], linear(x, weight)) < 1e-5);
}
