// Exercises of chapter 7.
#include "tests/book/answers/remember.h"
#include "autograd/ops/matmul.h"
#include "nn/recurrent/lstm.h"
#include "tests/book/exercise.h"

namespace heed::book {
namespace {

bool all_near(const Tensor& a, const Tensor& b) {
  const std::vector<double> x = a.to_vector(), y = b.to_vector();
  bool same = x.size() == y.size();
  for (size_t i = 0; same && i < x.size(); ++i) same = near(x[i], y[i]);
  return same;
}

}  // namespace

TEST_CASE("exercise 7.1: a step of an LSTM", "[book]") {
  Rng rng(3);
  LstmCell cell(2, 3, rng);
  convert(cell, DType::f64);
  const auto check = [&](auto answer) {
    const Tensor zeros = Tensor::zeros({4, 3}, DType::f64);
    State heeds{zeros, zeros}, mine{zeros, zeros};
    bool same = true;
    for (int t = 0; t < 5; ++t) {
      Rng numbers(static_cast<uint64_t>(t));
      const Tensor x = numbers.normal({4, 2}, 0, 1, DType::f64);
      heeds = cell(x, heeds);
      const Tensor of_input = linear(x, cell.weight_ih, cell.bias_ih);
      mine = answer.step(of_input + linear(mine.h, cell.weight_hh, cell.bias_hh), mine.c);
      same &= all_near(heeds.h, mine.h) && all_near(heeds.c, mine.c);
    }
    return same;
  };
  exercise(HEED_ANSWER(remember, step), check);
}

TEST_CASE("exercise 7.2: a bias that keeps", "[book]") {
  const auto check = [](auto answer) {
    double kept = 1;
    for (int t = 0; t < 20; ++t) kept *= 1 / (1 + std::exp(-answer.forget_bias(0.9, 20)));
    return near(kept, 0.9);
  };
  exercise(HEED_ANSWER(remember, forget_bias), check);
}

}  // namespace heed::book
