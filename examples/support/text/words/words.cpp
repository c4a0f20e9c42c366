#include "examples/support/text/words/words.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace heed::support {

namespace {

// One code point, decoded. `length` is 0 when the bytes are not well-formed.
struct CodePoint {
  char32_t value = 0;
  size_t length = 0;
};

CodePoint decode_at(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return {lead, 1};
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return {};
  char32_t value = lead & (0xFFu >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte(at + i) & 0x3F);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (overlong || surrogate || value > 0x10FFFF) return {};
  return {value, length};
}

// A byte that is no UTF-8 counts as one character, so that text from anywhere can be printed.
CodePoint decode_leniently(std::string_view text, size_t at) {
  const CodePoint point = decode_at(text, at);
  return point.length > 0 ? point : CodePoint{0xFFFD, 1};
}

bool is_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

struct CodeRange {
  char32_t first, last;
};

bool in_any(const auto& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](const CodeRange& r) { return c >= r.first && c <= r.last; });
}

size_t columns_of(char32_t c) {
  static constexpr std::array<CodeRange, 4> none = {
      {{0x300, 0x36F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};
  static constexpr std::array<CodeRange, 9> wide = {{{0x1100, 0x115F},
                                                     {0x2E80, 0x303E},
                                                     {0x3041, 0xA4CF},
                                                     {0xAC00, 0xD7A3},
                                                     {0xF900, 0xFAFF},
                                                     {0xFE30, 0xFE6F},
                                                     {0xFF00, 0xFF60},
                                                     {0x1F300, 0x1FAFF},
                                                     {0x20000, 0x3FFFD}}};
  return in_any(none, c) ? 0 : in_any(wide, c) ? 2 : 1;
}

}  // namespace

std::optional<size_t> invalid_utf8(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t length = decode_at(text, at).length;
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

std::vector<std::string> split_words(std::string_view line) {
  std::vector<std::string> words;
  size_t begin = 0;  // of the word that is being read
  size_t at = 0;
  while (at < line.size()) {
    const CodePoint point = decode_leniently(line, at);
    if (is_white_space(point.value)) {
      if (at > begin) words.emplace_back(line.substr(begin, at - begin));
      begin = at + point.length;
    }
    at += point.length;
  }
  if (at > begin) words.emplace_back(line.substr(begin, at - begin));
  return words;
}

std::string join_words(const std::vector<std::string>& words) {
  std::string line;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) line += ' ';
    line += words[i];
  }
  return line;
}

std::vector<std::string> split_characters(std::string_view text) {
  std::vector<std::string> characters;
  for (size_t at = 0; at < text.size(); at += characters.back().size()) {
    characters.emplace_back(text.substr(at, decode_leniently(text, at).length));
  }
  return characters;
}

std::u32string code_points(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const CodePoint point = decode_leniently(text, at);
    points += point.value;
    at += point.length;
  }
  return points;
}

std::string to_utf8(std::u32string_view points) {
  std::string text;
  text.reserve(points.size());
  for (const char32_t c : points) {
    const int rest = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;  // bytes behind the first
    const char32_t lead = rest == 0 ? 0 : (0xF0u << (3 - rest)) & 0xFF;
    text += static_cast<char>(lead | (c >> (6 * rest)));
    for (int i = rest - 1; i >= 0; --i) text += static_cast<char>(0x80 | ((c >> (6 * i)) & 0x3F));
  }
  return text;
}

size_t char_count(std::string_view text) {
  size_t columns = 0;
  for (size_t at = 0; at < text.size();) {
    const CodePoint point = decode_leniently(text, at);
    columns += columns_of(point.value);
    at += point.length;
  }
  return columns;
}

std::string pad_right(std::string_view text, size_t columns) {
  std::string padded(text);
  const size_t width = char_count(text);
  if (width < columns) padded.append(columns - width, ' ');
  return padded;
}

}  // namespace heed::support
