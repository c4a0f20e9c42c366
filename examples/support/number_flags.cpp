#include "examples/support/number_flags.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

namespace heed::support {
namespace {

// The number that all of `word` spells; false if it spells none.
bool spells(const std::string& word, int64_t& number) {
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, number);
  return error == std::errc() && stop == end;
}

bool spells(const std::string& word, double& number) {
  char* stop = nullptr;
  number = std::strtod(word.c_str(), &stop);
  return !word.empty() && *stop == '\0' && std::isfinite(number);
}

template <class T>
CLI::Validator between(T least, T most, const std::string& kind, const std::string& range) {
  const auto check = [=](const std::string& word) -> std::string {
    T number{};
    if (spells(word, number) && number >= least && number <= most) return "";
    return fmt::format("'{}' was given, but {} is expected: {}", word, kind, range);
  };
  return CLI::Validator(check, "(" + range + ")");
}

}  // namespace

CLI::Validator whole(int64_t least, int64_t most) {
  const bool open = most == std::numeric_limits<int64_t>::max();
  return between(least, most, "a whole number",
                 open ? fmt::format("{} or more", least) : fmt::format("{} to {}", least, most));
}

CLI::Validator real(double least, double most) {
  return between(least, most, "a number",
                 std::isinf(most) ? fmt::format("{} or more", least) : fmt::format("{} to {}", least, most));
}

}  // namespace heed::support
