// An operation made of others: whose name its errors begin with.
#include "autograd/base/error.h"

#include <functional>
#include <string>

#include "tests/catch.hpp"

namespace heed {
namespace {

std::string message_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("error: an operation made of others puts its own name first", "[error]") {
  CHECK(composed("outer", [] { return 3; }) == 3);
  const auto inner = [] { return composed("inner", []() -> int { throw Error("part: {} is wrong", 1); }); };
  CHECK(message_of(inner) == "inner: part: 1 is wrong");
  CHECK(message_of([&] { composed("outer", inner); }) == "outer: inner: part: 1 is wrong");
}

TEST_CASE("error: what is more than an Error passes as it is", "[error]") {
  const auto full = []() -> int { throw OutOfMemory("no memory"); };
  CHECK_THROWS_AS(composed("outer", full), OutOfMemory);
  CHECK(message_of([&] { composed("outer", full); }) == "no memory");
}

}  // namespace heed
