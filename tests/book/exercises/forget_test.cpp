// Exercises of chapter 8, with its program.
#define main forget_program  // a program of its own there, a function here
#include "examples/first_steps/forget.cpp"
#undef main

#include <cmath>
#include <cstdlib>
#include <sstream>

#include "examples/support/measures/bleu.h"
#include "tests/book/answers/forget.h"
#include "tests/book/exercise.h"

using heed::book::exercise;
using heed::book::near;

namespace {

constexpr int kKnee = 5;  // of kUnits, in the chapter's table

struct Unmoved {
  static int of_double_the_state() { return kKnee; }
};

}  // namespace

TEST_CASE("exercise 8.1: twice the state", "[book]") {
  const auto check_knee = [](auto answer) {
    return answer.knee({1, 0.95, 0.89, 0.92}) == 2 && answer.knee({0.5}) == 0 && answer.knee({1, 0.9}) == 2;
  };
  exercise(HEED_ANSWER(book_forget, knee), check_knee);

  const int doubled = book_forget::right::knee(learn(2 * kUnits, false, 1).by_length.own);
  const auto check_double = [&](auto answer) {
    const int told = answer.of_double_the_state();
    return told != kKnee && std::abs(told - doubled) <= 1;
  };
  exercise(HEED_ANSWER(book_forget, of_double_the_state), check_double, Unmoved());
}

TEST_CASE("exercise 8.2: what BLEU is made of", "[book]") {
  const std::string reference = "the cat is on the mat and the dog is on the mat";
  const auto words = [](const std::string& text) {
    std::istringstream stream(text);
    return book_forget::Words(std::istream_iterator<std::string>(stream), {});
  };
  const auto check = [&](auto answer) {
    bool same = near(answer.share(words("the the the the the the"), words("the cat is on the mat"), 1), 2.0 / 6);
    for (const std::string written :
         {"a cat is on the mat and the dog is on the mat", "the mat is on the mat is on the mat",
          "on the mat and the dog is on the mat on the mat on the mat"}) {
      double product = 1;
      for (size_t n = 1; n <= 4; ++n) product *= answer.share(words(written), words(reference), n);
      const heed::support::Bleu bleu = heed::support::corpus_bleu({written}, std::vector<std::string>{reference});
      same &= near(bleu.brevity_penalty() * std::pow(product, 0.25), bleu.score());
    }
    return same;
  };
  exercise(HEED_ANSWER(book_forget, share), check);
}
