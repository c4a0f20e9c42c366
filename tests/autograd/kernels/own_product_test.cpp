#include "autograd/kernels/product/own_product.h"

#include "tests/autograd/kernels/products.h"
#include "tests/catch.hpp"

using namespace heed;
using namespace heed::test;

TEST_CASE("heed's own product is a product", "[own_product]") {
  Rng rng(1);
  // Sizes around those of registers, tiles (6 or 12 rows), blocks of rows (192) and of depth (64, and halves beyond 1024).
  for (const int64_t m : {1, 5, 13, 193})
    for (const int64_t n : {1, 7, 33})
      for (const int64_t k : {0, 1, 30, 65, 1100})
        for (const int way : {0, 1, 2})
          for (const double beta : {0.0, 1.0, -0.5}) {
            const DType dtype = (m + n + k + way) % 2 ? DType::f32 : DType::f64;
            const bool turn_a = rng.below(2), turn_b = rng.below(2);
            const double alpha = rng.below(2) ? 1 : -2.5;
            const Tensor a = laid_out(turn_a ? k : m, turn_a ? m : k, way, dtype, rng);
            const Tensor b = laid_out(turn_b ? n : k, turn_b ? k : n, (way + m) % 3, dtype, rng);
            // A part of wider rows: what lies beside it must stay.
            Tensor whole =
                beta == 0 ? Tensor::full({m, n + 3}, std::nan(""), dtype) : rng.normal({m, n + 3}, 0, 1, dtype);
            const std::vector<double> before = whole.to_vector();
            Tensor c = narrow(whole, 1, 1, n);
            const std::vector<double> expected = by_loops(c, a, turn_a, b, turn_b, beta, alpha);
            own_product::multiply(c, a, turn_a, b, turn_b, beta, alpha);
            const std::vector<double> got = c.to_vector(), after = whole.to_vector();
            const double allowed = (dtype == DType::f32 ? 1e-5 : 1e-13) * (1 + static_cast<double>(k));
            INFO(m << " x " << k << " x " << n << ", way " << way << ", beta " << beta << ", alpha " << alpha);
            CHECK(worst(got, expected) <= allowed);
            bool beside = true;
            for (size_t i = 0; i < after.size(); ++i) {
              const size_t column = i % static_cast<size_t>(n + 3);
              if (column == 0 || column > static_cast<size_t>(n))
                beside &= after[i] == before[i] || (std::isnan(after[i]) && std::isnan(before[i]));
            }
            CHECK(beside);
          }
}

TEST_CASE("a row of heed's own product does not depend on the rows beside it", "[own_product]") {
  Rng rng(2);
  const Tensor a = rng.normal({200, 70}, 0, 1), b = rng.normal({70, 45}, 0, 1);
  Tensor all = Tensor::empty({200, 45}), one = Tensor::empty({1, 45});
  own_product::multiply(all, a, false, b, false, 0, 1);
  for (const int64_t i : {0, 7, 199}) {
    own_product::multiply(one, narrow(a, 0, i, 1), false, b, false, 0, 1);
    CHECK(one.to_vector() == narrow(all, 0, i, 1).to_vector());
  }
}

TEST_CASE("a long sum of heed's own product keeps its digits", "[own_product]") {
  for (const int64_t k : {512, 1000, 5000, 1000003})
    for (const double number : {0.1, 0.3, 0.7}) {
      const Tensor numbers = Tensor::full({2, k}, number), ones = Tensor::full({k, 3}, 1);
      Tensor c = Tensor::full({2, 3}, 5);
      own_product::multiply(c, numbers, false, ones, false, 1, -2);
      const double expected = 5 - 2 * static_cast<double>(k) * static_cast<double>(static_cast<float>(number));
      INFO(k << " times " << number);
      for (const double x : c.to_vector()) CHECK(std::abs(x - expected) < -1e-6 * expected);
    }
}
