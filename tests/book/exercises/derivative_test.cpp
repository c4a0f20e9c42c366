// Exercises of chapter 1.
#include "tests/book/answers/derivative.h"
#include "autograd/check/print.h"
#include "autograd/zip/elementwise.h"
#include "tests/book/exercise.h"

namespace heed::book {

TEST_CASE("exercise 1.1: predict a tape", "[book]") {
  const Tensor x = Tensor::scalar(2, DType::f64);
  Tape tape({.watch = true});
  const Tensor y = x * sin(x) + x;
  std::vector<TapeVertex> operations = graph_of(tape, y);
  std::erase_if(operations, [](const TapeVertex& vertex) { return !vertex.operation; });
  const auto check = [&](auto answer) {
    const std::vector<derivative::Line> lines = answer.tape();
    bool same = lines.size() == operations.size();
    for (size_t i = 0; same && i < lines.size(); ++i)
      same = operations[i].title == fmt::format("#{} {}", i, lines[i].name) &&
             near(std::stod(operations[i].value), lines[i].value, 1e-3) &&
             near(std::stod(operations[i].gradient), lines[i].gradient, 1e-3);
    return same;
  };
  exercise(HEED_ANSWER(derivative, tape), check);
}

TEST_CASE("exercise 1.2: a derivative by hand", "[book]") {
  const auto check = [](auto answer) {
    bool same = true;
    for (const double at : {-1.5, -0.3, 0.0, 0.7, 2.0}) {
      const Tensor x = Tensor::scalar(at, DType::f64);
      Tape tape;
      same &= near(answer.slope(at), tape.gradients(exp(-(x * x)), {x})[0].item());
    }
    return same;
  };
  exercise(HEED_ANSWER(derivative, slope), check);
}

}  // namespace heed::book
