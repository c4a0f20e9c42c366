#include "autograd/base/precision.h"

#include <limits>
#include <thread>

#include "autograd/kernels/blas.h"
#include "autograd/kernels/packed_weights.h"
#include "autograd/kernels/product/amx.h"
#include "autograd/kernels/product/bf16.h"
#include "autograd/kernels/product/pair_product.h"
#include "nn/nn.h"
#include "optim/optim.h"
#include "tests/autograd/kernels/products.h"
#include "tests/catch.hpp"

using namespace heed;
using namespace heed::test;

TEST_CASE("bf16 is the nearest number of eight bits", "[bf16]") {
  const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  const float largest = std::numeric_limits<float>::max(), tiny = std::numeric_limits<float>::denorm_min();
  const float step = 0x1p-7f;  // from 1 to the next
  const std::vector<float> from = {
      0,   -0.0f, 1,   1 + step, 1 + step / 2, 1 + 1.5f * step, 1 + 0.51f * step, -1 - 0.49f * step, 3.14159265f,
      inf, -inf,  nan, largest,  tiny,         0x1.fep127f};
  const std::vector<float> to = {0,   -0.0f, 1,   1 + step, 1, 1 + 2 * step, 1 + step, -1, 3.140625f,
                                 inf, -inf,  nan, inf,      0, 0x1.fep127f};
  const Tensor x = Tensor::from<float>(from, {static_cast<int64_t>(from.size())}), y = rounded_to_bf16(x);
  for (size_t i = 0; i < to.size(); ++i) {
    INFO(from[i]);
    if (std::isnan(to[i])) CHECK(std::isnan(y.data<float>()[i]));
    else CHECK(y.data<float>()[i] == to[i]);
    CHECK(std::signbit(y.data<float>()[i]) == std::signbit(to[i]));
  }
}

namespace {

struct Factors {
  Tensor a, b, c;  // c is a part of wider rows
  bool turn_a, turn_b;
  double beta, alpha;
};

Factors factors(int64_t m, int64_t n, int64_t k, int way, Rng& rng) {
  Factors f;
  f.turn_a = rng.below(2), f.turn_b = rng.below(2);
  f.alpha = rng.below(2) ? 1 : -2.5, f.beta = way == 0 ? 0 : way == 1 ? 1 : -0.5;
  f.a = laid_out(f.turn_a ? k : m, f.turn_a ? m : k, way, DType::f32, rng);
  f.b = laid_out(f.turn_b ? n : k, f.turn_b ? k : n, static_cast<int>((way + m) % 3), DType::f32, rng);
  f.c = narrow(f.beta == 0 ? Tensor::full({m, n + 3}, std::nan("")) : rng.normal({m, n + 3}, 0, 1), 1, 1, n);
  return f;
}

}  // namespace

// By the tiles of AMX, by pairs or by rounding, as the CPU can; sizes around those of registers, tiles (12 and 16 rows),
// blocks of rows (192) and of depth (512), odd ones among them.
TEST_CASE("in bf16 a product is that of rounded factors", "[bf16]") {
  Rng rng(1);
  const std::unique_ptr<amx::Without> tiles_or_pairs =
      GENERATE(true, false) ? nullptr : std::make_unique<amx::Without>();
  for (const int64_t m : {1, 13, 16, 33, 193})
    for (const int64_t n : {32, 45, 64})
      for (const int64_t k : {32, 33, 512, 515})
        for (const int way : {0, 1, 2}) {
          const Factors f = factors(m, n, k, way, rng);
          // alpha is for a: -2.5 a is rounded, or a is
          const double alpha = pair_product::available() ? 1 : f.alpha;
          const Tensor a = rounded_to_bf16(pair_product::available() ? f.a * f.alpha : f.a);
          const std::vector<double> expected =
              by_loops(f.c, a, f.turn_a, rounded_to_bf16(f.b), f.turn_b, f.beta, alpha);
          Tensor c = f.c;
          const ProductPrecision products(Precision::bf16);
          blas::multiply(c, f.a, f.turn_a, f.b, f.turn_b, f.beta, f.alpha);
          INFO(m << " x " << k << " x " << n << ", way " << way);
          CHECK(worst(c.to_vector(), expected) <= 3e-5 * std::sqrt(static_cast<double>(k)));
        }
}

TEST_CASE("packed weights in bf16 multiply as unpacked ones do", "[bf16][packed]") {
  const std::unique_ptr<amx::Without> tiles_or_pairs =
      GENERATE(true, false) ? nullptr : std::make_unique<amx::Without>();
  Rng rng(2);
  const ProductPrecision products(Precision::bf16);
  for (int round = 0; round < 30; ++round) {
    const bool transposed = rng.below(2), add = rng.below(2);
    const int64_t rows = round < 25 ? 1 + rng.below(40) : 200, outer = 32 + rng.below(70),
                  inner = round < 20 ? 32 + rng.below(60) : 1025;
    const Tensor a = narrow(rng.uniform({rows, inner + 3}, -1, 1), 1, 1, inner);
    const Tensor weight = transposed ? rng.uniform({outer, inner}, -1, 1) : rng.uniform({inner, outer}, -1, 1);
    const Tensor before = rng.uniform({rows, outer}, -1, 1);
    Tensor got = Tensor::empty({rows, outer});
    copy_into(got, before);
    const std::vector<double> expected =
        by_loops(before, rounded_to_bf16(a), false, rounded_to_bf16(weight), transposed, add, 1);
    PackedMatrix(weight, transposed).multiply(got, a, add);
    INFO(rows << " x " << inner << " x " << outer << (transposed ? " transposed" : "") << (add ? " added" : ""));
    CHECK(worst(got.to_vector(), expected) <= 1e-4);
  }
}

TEST_CASE("a row's product in bf16 does not depend on the rows beside it", "[bf16]") {
  Rng rng(3);
  const ProductPrecision products(Precision::bf16);
  const Tensor a = rng.normal({200, 70}, 0, 1), b = rng.normal({70, 45}, 0, 1);
  Tensor all = Tensor::empty({200, 45}), one = Tensor::empty({1, 45}), packed = Tensor::empty({200, 45});
  blas::multiply(all, a, false, b, false);
  PackedMatrix(b, false).multiply(packed, a, false);
  CHECK(all.to_vector() == packed.to_vector());
  for (const int64_t i : {0, 7, 199}) {
    blas::multiply(one, narrow(a, 0, i, 1), false, b, false);
    CHECK(one.to_vector() == narrow(all, 0, i, 1).to_vector());
  }
}

TEST_CASE("in bf16 a NaN stays in its row and in its column", "[bf16]") {
  Rng rng(7);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  Tensor a = rng.normal({17, 33}, 0, 1), b = rng.normal({33, 34}, 0, 1), c = Tensor::empty({17, 34});
  a.mutable_data<float>()[16 * 33 + 32] = nan;
  b.mutable_data<float>()[32 * 34 + 33] = nan;
  const ProductPrecision products(Precision::bf16);
  blas::multiply(c, a, false, b, false);
  for (int64_t i = 0; i < 17; ++i)
    for (int64_t j = 0; j < 34; ++j) CHECK(std::isnan(c.data<float>()[i * 34 + j]) == (i == 16 || j == 33));
}

TEST_CASE("precision is of a scope, of a thread, of f32 and of products that gain by it", "[bf16]") {
  Rng rng(4);
  const auto product = [&](DType dtype, int64_t k, int64_t n) {
    Rng same(5);
    return matmul(same.normal({3, k}, 0, 1, dtype), same.normal({k, n}, 0, 1, dtype)).to_vector();
  };
  const auto full = product(DType::f32, 64, 64), deep = product(DType::f32, 31, 64),
             thin = product(DType::f32, 64, 31), twice = product(DType::f64, 64, 64);
  {
    const ProductPrecision products(Precision::bf16);
    CHECK(product(DType::f32, 64, 64) != full);
    CHECK(product(DType::f32, 31, 64) == deep);
    CHECK(product(DType::f32, 64, 31) == thin);
    CHECK(product(DType::f64, 64, 64) == twice);
    std::vector<double> elsewhere;
    std::thread([&] { elsewhere = product(DType::f32, 64, 64); }).join();
    CHECK(elsewhere == full);
    const ProductPrecision again(Precision::f32);
    CHECK(product(DType::f32, 64, 64) == full);
  }
  CHECK(product(DType::f32, 64, 64) == full);
}

TEST_CASE("shards take the precision of who calls them, and give the same bits on any threads", "[bf16][shards]") {
  Rng rng(6);
  Linear layer(64, 96, rng);
  std::vector<int64_t> words(40);
  for (int64_t& word : words) word = rng.below(96);
  const Tensor x = rng.normal({40, 64}, 0, 1), y = Tensor::from<int64_t>(words, {40});
  const Parameters parameters(layer);
  const auto gradients = [&](int threads) {
    ThreadPool pool(threads);
    Shards shards(pool, parameters, 4);
    const auto loss = [&](int s) {
      return linear_cross_entropy(narrow(x, 0, 10 * s, 10), layer, narrow(y, 0, 10 * s, 10));
    };
    return shards.gradients(loss).gradients.flat().to_vector();
  };
  const std::vector<double> full = gradients(1);
  const ProductPrecision products(Precision::bf16);
  const std::vector<double> rounded = gradients(1);
  CHECK(rounded != full);
  CHECK(worst(rounded, full) < 0.02);
  CHECK(gradients(2) == rounded);
  CHECK(gradients(3) == rounded);
}
