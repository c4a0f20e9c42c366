// Exercises of chapter 14.
#include "tests/book/answers/fast.h"
#include "autograd/base/flops.h"
#include "autograd/base/rng.h"
#include "autograd/tape/tape.h"
#include "tests/book/exercise.h"

namespace heed::book {

TEST_CASE("exercise 14.1: two operations in one", "[book]") {
  const auto check = [](auto answer) {
    Rng rng(1);
    const Tensor a = rng.normal({5, 7}, 0, 1), b = rng.normal({5, 7}, 0, 1), c = rng.normal({5, 7}, 0, 1);
    const Tensor two = zip("let_pass", fast::let_pass, zip("bend", fast::bend, a, b), c);
    Tape tape;
    const Tensor one = answer.fused(a, b, c);
    return tape.size() == 1 && one.to_vector() == two.to_vector();  // to the bit
  };
  exercise(HEED_ANSWER(fast, fused), check);
}

TEST_CASE("exercise 14.2: which product first", "[book]") {
  const auto check = [](auto answer) {
    bool least = true;
    const std::vector<std::vector<int64_t>> sizes = {{2, 30, 20, 40}, {90, 30, 20, 5}, {50, 6, 40, 8}, {1, 9, 9, 9}};
    for (const std::vector<int64_t>& s : sizes) {
      Rng rng(2);
      const Tensor x = rng.normal({s[0], s[1]}, 0, 1, DType::f64), a = rng.normal({s[1], s[2]}, 0, 1, DType::f64),
                   b = rng.normal({s[2], s[3]}, 0, 1, DType::f64);
      const int64_t before = product_flops;
      const Tensor y = answer.product(x, a, b);
      const int64_t spent = product_flops - before, left = s[0] * s[2] * (s[1] + s[3]),
                    right = s[1] * s[3] * (s[2] + s[0]);
      const std::vector<double> mine = y.to_vector(), other = matmul(matmul(x, a), b).to_vector();
      for (size_t i = 0; i < mine.size(); ++i) least &= near(mine[i], other[i], 1e-9);
      least &= spent == 2 * std::min(left, right);
    }
    return least;
  };
  exercise(HEED_ANSWER(fast, product), check);
}

}  // namespace heed::book
