// The words and characters of a line of UTF-8.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heed::support {

// The offset of the first byte that is not part of well-formed UTF-8, or nothing when all of it is.
std::optional<size_t> invalid_utf8(std::string_view text);

// The words of a line: what stands between runs of white space. White space is Unicode's: space and tab, but
// also the no-break spaces U+00A0 and U+202F that French texts set before "?" and "!".
std::vector<std::string> split_words(std::string_view line);

// The words with one space between each two.
std::string join_words(const std::vector<std::string>& words);

// The characters of a text, one string for each code point.
std::vector<std::string> split_characters(std::string_view text);

// A text as code points and back. A byte that is not UTF-8 becomes U+FFFD.
std::u32string code_points(std::string_view text);
std::string to_utf8(std::u32string_view points);

// About how many columns a terminal needs for the text: 1 a character, 0 for combining marks, 2 for East
// Asian wide characters and emoji. Good enough to pad columns.
size_t char_count(std::string_view text);

// The text followed by spaces up to `columns` columns; the text itself when it is as wide or wider.
std::string pad_right(std::string_view text, size_t columns);

}  // namespace heed::support
