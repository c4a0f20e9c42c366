// Exercises of chapter 2, with the types of its program.
#define main order_program  // a program of its own there, a function here
#include "examples/first_steps/order.cpp"
#undef main

#include "tests/book/answers/order.h"
#include "tests/book/exercise.h"

using heed::book::exercise;
using heed::book::near;

TEST_CASE("exercise 2.1: the backward pass", "[book]") {
  const auto check = [](auto answer) {
    Tape tape;
    const Number x = write(tape, "x", 2), y = x * sin(x) + x;  // x is used three times
    const Number after = y * y;                                // y is not the last step
    Tape chain;
    const Number a = write(chain, "a", 3), b = sin(a), c = b * b;
    const std::vector<double> by = answer.gradients(tape, y.at);
    return by.size() == tape.size() && near(by[x.at], std::sin(2) + 2 * std::cos(2) + 1) && by[y.at] == 1 &&
           by[after.at] == 0 && near(answer.gradients(chain, c.at)[a.at], 2 * std::sin(3) * std::cos(3));
  };
  exercise(HEED_ANSWER(book_order, gradients), check, book_order::from_the_end());
}

TEST_CASE("exercise 2.2: a quotient", "[book]") {
  const auto check = [](auto answer) {
    Tape tape;
    const Number x = write(tape, "x", 2), y = answer.quotient(sin(x), x);
    return near(y.value(), std::sin(2) / 2) && near(backward(y)[x.at], std::cos(2) / 2 - std::sin(2) / 4);
  };
  exercise(HEED_ANSWER(book_order, quotient), check);
}
