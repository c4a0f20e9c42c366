// Exercises of chapter 13.
#include "examples/first_steps/worlds/colours.h"
#include "autograd/ops/extrema.h"
#include "autograd/ops/matmul.h"
#include "tests/book/answers/colours.h"
#include "tests/book/exercise.h"

namespace heed::book {

TEST_CASE("exercise 13.1: the word of the mean and the mean of the words", "[book]") {
  const auto check = [](auto answer) {
    bool same = true;
    for (uint64_t seed = 0; seed < 5; ++seed) {
      Rng rng(seed);
      const heed::colours::Pictures pictures = heed::colours::draw(rng, 1);
      const heed::colours::Model model(rng);
      const Tensor annotations = 4 * pictures.annotations[0];  // [9, 13]; large enough for a gap
      const Tensor alpha = softmax(rng.normal({1, 9}, 0, 1, DType::f64));
      const Tensor scores = model.output(annotations);
      const Tensor by_mean = softmax(model.output(matmul(alpha, annotations)));
      const double gap = amax(abs(by_mean - matmul(alpha, softmax(scores)))).item();
      std::vector<std::vector<double>> rows;
      for (int64_t i = 0; i < 9; ++i) rows.push_back(scores[i].to_vector());
      same &= gap > 0.01 && near(answer.gap(alpha.to_vector(), rows), gap);
    }
    return same;
  };
  exercise(HEED_ANSWER(colours, gap), check);
}

TEST_CASE("exercise 13.2: a sum of probabilities too small to be written", "[book]") {
  const auto check = [](auto answer) {
    const std::vector<double> prior = {std::log(0.5), std::log(0.25), std::log(0.25)};
    const double mean = std::log(0.5 * std::exp(-1) + 0.25 * std::exp(-2) + 0.25 * std::exp(-4));
    const auto less = [](double by) { return std::vector<double>{-1 - by, -2 - by, -4 - by}; };
    return near(answer.marginal(prior, less(0)), mean) && near(answer.marginal(prior, less(800)), mean - 800);
  };
  exercise(HEED_ANSWER(colours, marginal), check);
}

}  // namespace heed::book
