#include "autograd/files/json_scan.h"

namespace heed {
namespace {

void append_utf8(std::string& to, uint32_t code) {
  if (code < 0x80) {
    to += static_cast<char>(code);
    return;
  }
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const uint32_t lead[] = {0, 0xC0, 0xE0, 0xF0};
  to += static_cast<char>(lead[more] | code >> (6 * more));
  for (int i = more; i-- > 0;) to += static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3F));
}

}  // namespace

void JsonScan::skip_space() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
    ++at_;
}

std::string JsonScan::found() const {
  if (at_ >= text_.size()) return "the end";
  const auto c = static_cast<unsigned char>(text_[at_]);
  return c >= 0x20 && c < 0x7F ? fmt::format("'{}'", text_[at_]) : fmt::format("the byte {:#04x}", c);
}

bool JsonScan::take(char wanted) {
  skip_space();
  if (at_ >= text_.size() || text_[at_] != wanted) return false;
  ++at_;
  return true;
}

void JsonScan::expect(char wanted) {
  if (!take(wanted)) fail("'{}' expected, {} found", wanted, found());
}

void JsonScan::end() {
  skip_space();
  if (at_ < text_.size()) fail("nothing more expected, {} found", found());
}

int64_t JsonScan::integer() {
  constexpr int64_t most = int64_t{1} << 53;
  skip_space();
  const size_t begin = at_;
  int64_t value = 0;
  for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
    value = value * 10 + (text_[at_] - '0');
    if (value > most) fail("a number above 2^53");
  }
  if (at_ == begin) fail("a whole number of at least 0 expected, {} found", found());
  if (at_ - begin > 1 && text_[begin] == '0') fail("a number with leading zeros");
  if (at_ < text_.size() && (text_[at_] == '.' || text_[at_] == 'e' || text_[at_] == 'E'))
    fail("a whole number expected, a fraction or exponent found");
  return value;
}

uint32_t JsonScan::hex4() {
  uint32_t code = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) fail("four hexadecimal digits expected after \\u, {} found", found());
    code = code << 4 | static_cast<uint32_t>(digit);
  }
  return code;
}

void JsonScan::escape(std::string& to) {
  constexpr std::string_view names = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
  const char c = at_ < text_.size() ? text_[at_] : '\0';
  if (c != 'u') {
    const size_t which = names.find(c);
    if (c == '\0' || which == std::string_view::npos) fail("an unknown escape: {}", found());
    to += values[which];
    ++at_;
    return;
  }
  ++at_;
  uint32_t code = hex4();
  if (code >= 0xDC00 && code <= 0xDFFF) fail("the second half of a surrogate pair without the first");
  if (code >= 0xD800 && code <= 0xDBFF) {
    if (text_.substr(at_, 2) != "\\u") fail("the first half of a surrogate pair without the second");
    at_ += 2;
    const uint32_t low = hex4();
    if (low < 0xDC00 || low > 0xDFFF) fail("the first half of a surrogate pair without the second");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  append_utf8(to, code);
}

std::string JsonScan::string() {
  expect('"');
  std::string result;
  for (;;) {
    if (at_ >= text_.size()) fail("a string without end");
    const char c = text_[at_];
    if (static_cast<unsigned char>(c) < 0x20) fail("a control character inside a string");
    ++at_;
    if (c == '"') return result;
    if (c == '\\') escape(result);
    else result += c;
  }
}

size_t find_bad_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t more = lead < 0x80                   ? 0
                        : lead >= 0xC2 && lead < 0xE0 ? 1
                        : lead >= 0xE0 && lead < 0xF0 ? 2
                        : lead >= 0xF0 && lead < 0xF5 ? 3
                                                      : size_t{9};
    if (more == 9 || i + more >= text.size()) return i;
    uint32_t code = more ? lead & (0x3F >> more) : lead;
    for (size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return i;
      code = code << 6 | (next & 0x3F);
    }
    const bool overlong = (more == 2 && code < 0x800) || (more == 3 && code < 0x10000);
    if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return i;
    i += more + 1;
  }
  return std::string_view::npos;
}

std::string json_quote(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') (result += '\\') += c;
    else if (static_cast<unsigned char>(c) < 0x20) result += fmt::format("\\u{:04x}", static_cast<int>(c));
    else result += c;
  }
  return result + "\"";
}

}  // namespace heed
