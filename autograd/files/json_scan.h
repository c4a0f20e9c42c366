// A strict reader of JSON text (RFC 8259), one piece at a time: the caller says what must come next.
//
// The header of a safetensors file has one fixed form, so nothing is built here, no tree and no recursion:
// the text can nest only as deep as the caller asks. Whatever is not exactly what was asked for is an error,
// which names the offset.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "autograd/base/error.h"

namespace heed {

class JsonScan {
 public:
  // `where` stands at the front of error messages. The text must outlive the scan.
  JsonScan(std::string_view text, std::string where) : text_(text), where_(std::move(where)) {}

  // The next character that is not white space, which must be (or may be) this one.
  void expect(char wanted);
  bool take(char wanted);
  // A string in quotes, escapes resolved: valid UTF-8, no raw control characters.
  std::string string();
  // A whole number of at least 0 and at most 2^53, without sign, fraction or exponent.
  int64_t integer();
  // Nothing but white space may follow.
  void end();

  template <class... Args>
  [[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) const {
    throw Error("{}: {} at byte {} of its header", where_, fmt::format(format, std::forward<Args>(args)...), at_);
  }

 private:
  void skip_space();
  std::string found() const;
  void escape(std::string& to);
  uint32_t hex4();

  std::string_view text_;
  std::string where_;
  size_t at_ = 0;
};

// The offset of the first byte that is not well-formed UTF-8 (overlong forms and surrogates are
// not); npos if none.
size_t find_bad_utf8(std::string_view text);

// The text in quotes, with what JSON wants escaped.
std::string json_quote(std::string_view text);

}  // namespace heed
