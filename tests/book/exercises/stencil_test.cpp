// Exercises of chapter 4.
#include "tests/book/answers/stencil.h"
#include "autograd/tape/record.h"
#include "autograd/zip/elementwise.h"
#include "tests/book/exercise.h"

namespace heed::book {
namespace {

template <class Value>
Tensor unrecorded(Value value) {
  const Untaped guard;
  return value();
}

// y = x |x|, whose slope is 2 |x|: right, wrong by a thousandth, and wrong below zero.
Tensor sound(const Tensor& x) {
  return record("sound", {x}, unrecorded([&] { return x * abs(x); }),
                [x](const Tensor& dy) { return 2 * abs(x) * dy; });
}
Tensor slipped(const Tensor& x) {
  return record("slipped", {x}, unrecorded([&] { return x * abs(x); }),
                [x](const Tensor& dy) { return 2.002 * abs(x) * dy; });
}
Tensor turned(const Tensor& x) {
  return record("turned", {x}, unrecorded([&] { return x * abs(x); }), [x](const Tensor& dy) { return 2 * x * dy; });
}

}  // namespace

TEST_CASE("exercise 4.1: find the planted faults", "[book]") {
  const auto check = [](auto answer) {
    return answer.is_right(sound) && !answer.is_right(slipped) && !answer.is_right(turned);
  };
  exercise(HEED_ANSWER(stencil, is_right), check);
}

TEST_CASE("exercise 4.2: five points", "[book]") {
  const auto check = [](auto answer) {
    const auto wave = [](double x) { return std::exp(std::sin(x)); };
    const double slope = std::cos(1) * std::exp(std::sin(1));
    const double coarse = std::abs(answer.slope(wave, 1, 0.1) - slope);
    const double fine = std::abs(answer.slope(wave, 1, 0.05) - slope);
    return fine < coarse / 14 && coarse < 1e-3;  // half the step, a sixteenth of the error
  };
  exercise(HEED_ANSWER(stencil, slope), check);
}

}  // namespace heed::book
