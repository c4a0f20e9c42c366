// Exercises of chapter 10.
#include <cmath>

#include "tests/book/answers/write.h"
#include "tests/book/exercise.h"

namespace heed::book {
namespace {

using book_write::Words;

// The tree of the chapter: a = 0 is likelier than b = 1, but what follows b is likelier than what follows a.
std::vector<double> tree(const Words& beginning) {
  if (beginning.empty()) return {std::log(0.6), std::log(0.4)};
  if (beginning[0] == 0) return {std::log(0.5), std::log(0.5)};
  return {std::log(0.9), std::log(0.1)};
}

// Three words, whose probabilities depend on all that came before.
std::vector<double> random_words(const Words& beginning) {
  Rng rng(7);
  for (const int word : beginning) rng = rng.split(static_cast<uint64_t>(word));
  std::vector<double> p = {rng.uniform(), rng.uniform(), rng.uniform()};
  const double sum = p[0] + p[1] + p[2];
  for (double& one : p) one = std::log(one / sum);
  return p;
}

double log_probability(const Words& words) {
  double sum = 0;
  for (size_t i = 0; i < words.size(); ++i)
    sum += random_words(Words(words.begin(), words.begin() + static_cast<long>(i)))[static_cast<size_t>(words[i])];
  return sum;
}

// The largest log p of all sentences of four words.
double best_of_all() {
  double best = -1e9;
  for (int i = 0; i < 81; ++i) best = std::max(best, log_probability({i / 27, i / 9 % 3, i / 3 % 3, i % 3}));
  return best;
}

}  // namespace

TEST_CASE("exercise 10.1: teacher forcing off", "[book]") {
  Rng rng(4);
  Reverser model(rng);
  convert(model, DType::f64);
  const Tensor ids = Tensor::from(std::vector<int64_t>{0, 5, 2, 9, 25, 3}, {3, 2});
  // The letters that it writes, fed to it again, and the loss of the right ones after them.
  const Tensor own = model.write(ids).first;
  auto [source, state] = model.encode(ids);
  std::vector<Tensor> scores;
  for (int64_t t = 0; t < own.size(0); ++t)
    scores.push_back(model.step(source, t == 0 ? symbols(kStart, 2) : own[t - 1], state).scores);
  const Tensor right = Tensor::from(std::vector<int64_t>{25, 3, 2, 9, 0, 5, kStop, kStop});
  const double wanted = cross_entropy(concat(scores, 0), right).item();
  const auto check = [&](auto answer) { return near(answer.loss(model, ids).item(), wanted); };
  exercise(HEED_ANSWER(book_write, loss), check);
}

TEST_CASE("exercise 10.2: beam search", "[book]") {
  const auto check = [](auto answer) {
    return answer.beam(tree, 1, 2) == Words{0, 0} && answer.beam(tree, 2, 2) == Words{1, 0} &&
           near(log_probability(answer.beam(random_words, 27, 4)), best_of_all());
  };
  exercise(HEED_ANSWER(book_write, beam), check);
}

}  // namespace heed::book
