#include "autograd/kernels/product/int8_product.h"

#include <limits>

#include "autograd/kernels/packed_weights.h"
#include "autograd/kernels/product/amx.h"
#include "tests/autograd/kernels/products.h"
#include "tests/catch.hpp"

using namespace heed;
using namespace heed::test;

namespace {

// The numbers of each row, rounded to 127 steps of its largest.
Tensor stepped(const Tensor& x) {
  Tensor y = copy_of(x);
  for (int64_t i = 0; i < x.size(0); ++i) {
    float* const row = y.mutable_data<float>() + i * x.size(1);
    float largest = 0;
    for (int64_t k = 0; k < x.size(1); ++k) largest = std::max(largest, std::abs(row[k]));
    for (int64_t k = 0; k < x.size(1) && largest > 0; ++k)
      row[k] = std::nearbyint(row[k] * (127 / largest)) * (largest / 127);
  }
  return y;
}

Tensor product(const Int8Matrix& weight, const Tensor& a, const Tensor& before, bool add) {
  Tensor c = copy_of(before);
  weight.multiply(c, a, add);
  return c;
}

}  // namespace

// Sizes around those of quads, registers, tiles (12 rows), blocks of rows (192) and of depth (512).
TEST_CASE("in int8 a product is that of whole numbers, and the same bits on every CPU", "[int8]") {
  Rng rng(1);
  for (const int64_t m : {1, 13, 17, 193})
    for (const int64_t n : {1, 32, 45})
      for (const int64_t k : {1, 33, 512, 1027})
        for (const bool transposed : {false, true}) {
          const bool add = rng.below(2);
          const Tensor a = narrow(rng.normal({m, k + 3}, 0, 1), 1, 1, k), before = rng.normal({m, n}, 0, 1);
          const Tensor weight = transposed ? laid_out(n, k, static_cast<int>(rng.below(3)), DType::f32, rng)
                                           : laid_out(k, n, static_cast<int>(rng.below(3)), DType::f32, rng);
          const Tensor rows = stepped(transposed ? weight : transpose(weight, 0, 1));
          const Tensor found = product(Int8Matrix(weight, transposed, false), a, before, add);
          INFO(m << " x " << k << " x " << n << (transposed ? " transposed" : "") << (add ? " added" : ""));
          CHECK(worst(found.to_vector(), by_loops(before, stepped(a), false, rows, true, add, 1)) <=
                1e-5 * std::sqrt(k) * 4);
          if (!Int8Matrix::quads_available()) continue;
          CHECK(product(Int8Matrix(weight, transposed, true), a, before, add).to_vector() == found.to_vector());
          const amx::Without no_tiles;
          CHECK(product(Int8Matrix(weight, transposed, true), a, before, add).to_vector() == found.to_vector());
        }
}

TEST_CASE("in int8 what is nothing stays nothing, and what is no number is seen", "[int8]") {
  Rng rng(2);
  const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  Tensor a = rng.normal({5, 40}, 0, 1);
  for (int64_t k = 0; k < 40; ++k) a.mutable_data<float>()[40 + k] = 0;
  a.mutable_data<float>()[2 * 40 + 39] = nan;
  a.mutable_data<float>()[3 * 40] = -inf;
  for (int64_t k = 0; k < 40; ++k) a.mutable_data<float>()[4 * 40 + k] = 1e-40f;
  for (const bool quads : {false, Int8Matrix::quads_available()}) {
    const Tensor c = product(Int8Matrix(rng.normal({40, 33}, 0, 1), false, quads), a, Tensor::zeros({5, 33}), false);
    for (int64_t j = 0; j < 33; ++j) {
      CHECK(std::isfinite(c.data<float>()[j]));
      CHECK(c.data<float>()[33 + j] == 0);
      CHECK(std::isnan(c.data<float>()[2 * 33 + j]));
      CHECK(std::isnan(c.data<float>()[3 * 33 + j]));
      CHECK(c.data<float>()[4 * 33 + j] == 0);
    }
  }
}

TEST_CASE("int8 is for weights that a decoder keeps, and a row does not depend on the rows beside it",
          "[int8][packed]") {
  Rng rng(3);
  const Tensor a = rng.normal({300, 70}, 0, 1), weight = rng.normal({70, 45}, 0, 1);
  const Tensor full = matmul(a, weight);
  const ProductPrecision products(Precision::int8);
  CHECK(matmul(a, weight).to_vector() == full.to_vector());
  Immutable numbers;
  const Immutable::Scope scope(numbers);
  const auto multiplied = [&](const Tensor& rows) {
    Tensor c = Tensor::empty({rows.size(0), 45});
    multiply_by_weight(c, rows, weight, false, false);
    return c;
  };
  const Tensor all = multiplied(a);
  CHECK(all.to_vector() != full.to_vector());
  CHECK(worst(all.to_vector(), full.to_vector()) < 0.5);
  for (const int64_t i : {0, 7, 299})
    CHECK(multiplied(narrow(a, 0, i, 1)).to_vector() == narrow(all, 0, i, 1).to_vector());
}
