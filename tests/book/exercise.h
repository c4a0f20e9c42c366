// An exercise of the book: a check of one function, which the answer must pass and the wrong solution must not.
// The answer is `mine` (answers/), which is the solution where the reader has not written one; a line says
// which of both has passed.
#pragma once

#include <cstdio>
#include <type_traits>

#include "tests/catch.hpp"

namespace heed::book {

// A type for each function, by which to ask whether two names mean the same one.
template <auto function>
struct Means;

template <class Mine, class Wrong>
struct Answer {
  bool written;      // by the reader
  const char* name;  // of the function
};

// The answer to one function of a chapter: of the structs right, mine and wrong of this namespace.
#define HEED_ANSWER(chapter, function)                                      \
  heed::book::Answer<chapter::mine, chapter::wrong> {                       \
    HEED_IS_WRITTEN(function)(chapter::mine(), chapter::right()), #function \
  }
#define HEED_IS_WRITTEN(function)                                                                         \
  [](auto mine, auto right) {                                                                             \
    using Mine = decltype(mine);                                                                          \
    using Right = decltype(right);                                                                        \
    using heed::book::Means;                                                                              \
    if constexpr (requires { requires std::is_same_v<Means<&Mine::function>, Means<&Right::function>>; }) \
      return false;                                                                                       \
    else return !requires {                                                                               \
        requires std::is_same_v<typename Mine::function, typename Right::function>;                       \
      };                                                                                                  \
  }

// check(solution) says whether its function is right. More wrong ones than the chapter's may follow.
template <class Mine, class Wrong, class Check, class... Wrongs>
void exercise(Answer<Mine, Wrong> answer, Check check, Wrongs... more) {
  const char* const who = answer.written ? "your answer" : "the solution";
  if (check(Mine()))
    std::printf("%s passes%s (%s)\n", who, answer.written ? "" : ": you have written none yet", answer.name);
  else FAIL_CHECK(answer.name << ": " << who << " is not right");
  const auto rejected = [&](auto wrong) {
    INFO(answer.name << ": a wrong solution passes, so the check is too weak");
    CHECK_FALSE(check(wrong));
  };
  rejected(Wrong());
  (rejected(more), ...);
}

inline bool near(double a, double b, double apart = 1e-12) { return a - b < apart && b - a < apart; }

}  // namespace heed::book
