// Exercises of chapter 9, with its program.
#define main look_program  // a program of its own there, a function here
#include "examples/first_steps/look.cpp"
#undef main

#include <algorithm>
#include <cmath>

#include "tests/book/answers/look.h"
#include "tests/book/exercise.h"

using heed::book::exercise;
using heed::book::near;

namespace {

// sum_j softmax(e)_j x_j
double looked_at(const std::vector<double>& e, const std::vector<double>& x) {
  const Tensor alpha = softmax(Tensor::from(e));
  return sum(alpha * Tensor::from(x)).item();
}

}  // namespace

TEST_CASE("exercise 9.1: copy and sort by looking", "[book]") {
  const std::vector<std::vector<double>> lists = {{3, -1, 2}, {5}, {0.5, 0.4, 0.1, 0.2, -0.3, 0.3}, {1, 2, 3, 4}};
  const auto check_copy = [&](auto answer) {
    bool same = true;
    for (const std::vector<double>& x : lists)
      for (size_t i = 0; i < x.size(); ++i) same &= near(looked_at(answer.copy(i, x), x), x[i], 1e-3);
    return same;
  };
  const auto check_sort = [&](auto answer) {
    bool same = true;
    for (const std::vector<double>& x : lists) {
      std::vector<double> sorted = x;
      std::sort(sorted.begin(), sorted.end());
      for (size_t i = 0; i < x.size(); ++i) same &= near(looked_at(answer.sort(i, x), x), sorted[i], 1e-3);
    }
    return same;
  };
  exercise(HEED_ANSWER(book_look, copy), check_copy);
  exercise(HEED_ANSWER(book_look, sort), check_sort);
}

TEST_CASE("exercise 9.2: another score", "[book]") {
  const auto check = [](auto answer) {
    Rng rng(1);
    Looker<typename decltype(answer)::Score> model(rng);
    const Parameters parameters(model);
    Adam adam(parameters, 0.005);
    for (int taken = 0; taken < 400; ++taken) step(model, parameters, adam, rng);
    return share_right(model, 4, rng) > 0.95;
  };
  exercise(HEED_ANSWER(book_look, Score), check);
}
