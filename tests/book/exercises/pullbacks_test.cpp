// Exercises of chapter 3.
#include "tests/book/answers/pullbacks.h"
#include "autograd/base/rng.h"
#include "autograd/functional/derivatives.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/softmax.h"
#include "tests/book/exercise.h"

namespace heed::book {
namespace {

bool all_near(const std::vector<double>& a, const Tensor& b) {
  const std::vector<double> numbers = b.to_vector();
  bool same = a.size() == numbers.size();
  for (size_t i = 0; same && i < a.size(); ++i) same = near(a[i], numbers[i]);
  return same;
}

}  // namespace

TEST_CASE("exercise 3.1: the pullback of softmax", "[book]") {
  Rng rng(1);
  const Tensor x = rng.normal({5}, 0, 1, DType::f64), dy = rng.normal({5}, 0, 1, DType::f64);
  const Products heeds = vjp([](const std::vector<Tensor>& v) { return softmax(v[0]); }, {x}, {dy});
  const auto check = [&](auto answer) {
    return all_near(answer.softmax(heeds.values[0].to_vector(), dy.to_vector()), heeds.products[0]);
  };
  exercise(HEED_ANSWER(pullbacks, softmax), check);
}

TEST_CASE("exercise 3.2: the gradient by a weight", "[book]") {
  Rng rng(2);
  const Tensor x = rng.normal({4, 3}, 0, 1, DType::f64), w = rng.normal({3, 2}, 0, 1, DType::f64);
  const Tensor dy = rng.normal({4, 2}, 0, 1, DType::f64);
  const Products heeds = vjp([&](const std::vector<Tensor>& v) { return matmul(x, v[0]); }, {w}, {dy});
  const auto check = [&](auto answer) {
    return all_near(answer.weight(x.to_vector(), dy.to_vector(), 4, 3, 2), heeds.products[0]);
  };
  exercise(HEED_ANSWER(pullbacks, weight), check);
}

}  // namespace heed::book
