// What heed throws. The text says what failed, with which values, and what to do about it.
#pragma once

#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <typeinfo>
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

// What `work` gives, of an operation that is made of others. Where one of those fails, the message begins with the name
// that the caller knows: "addmm: matmul: inner sizes differ: ..".
template <class Work>
auto composed(const char* operation, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    if (typeid(error) != typeid(Error)) throw;
    throw Error("{}: {}", operation, error.what());
  }
}

}  // namespace heed
