// Exercises of chapter 5, with the duals of its program.
#define main duals_program  // a program of its own there, a function here
#include "examples/first_steps/duals.cpp"
#undef main

#include "tests/book/answers/duals.h"
#include "tests/book/exercise.h"

using heed::book::exercise;
using heed::book::near;

TEST_CASE("exercise 5.1: the arc tangent of a dual number", "[book]") {
  const auto check = [](auto answer) {
    const Dual<double> x{0.5, 3}, y = answer.atan(x * x);  // atan(x^2), where x changes three times as fast
    return near(y.value, std::atan(0.25)) && near(y.slope, 3 * 2 * 0.5 / (1 + 0.0625));
  };
  exercise(HEED_ANSWER(book_duals, atan), check);
}

TEST_CASE("exercise 5.2: a dual of duals by hand", "[book]") {
  const auto check = [](auto answer) {
    const Dual<Dual<double>> x{{2, 1}, {1, 0}}, y = x * x * x, z = answer.cube_at_two();
    return y.value.value == z.value.value && y.value.slope == z.value.slope && y.slope.value == z.slope.value &&
           y.slope.slope == z.slope.slope;
  };
  exercise(HEED_ANSWER(book_duals, cube_at_two), check);
}
