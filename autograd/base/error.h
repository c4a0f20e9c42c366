// What heed throws. The text says what failed, with which values, and what to do about it.
#pragma once

#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace heed {

struct Error : std::runtime_error {
  explicit Error(const std::string& text) : std::runtime_error(text) {}
  template <class... Args>
  explicit Error(fmt::format_string<Args...> format, Args&&... args)
      : std::runtime_error(fmt::format(format, std::forward<Args>(args)...)) {}
};

// The machine's fault, not the caller's: whoever goes another way after an Error should let this one pass.
struct OutOfMemory : Error {
  using Error::Error;
};

}  // namespace heed
