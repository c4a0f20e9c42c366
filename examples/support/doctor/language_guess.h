// Which language and which script a text is in, as far as a few words and letters tell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heed::support {

// The script of most letters: "Latin", "Greek", "Cyrillic", "Hebrew", "Arabic", "Devanagari", "Thai", "Hangul",
// "Kana", "Han", or "other"; "" for a text without letters. UTF-8 is expected.
std::string script_of(std::string_view text);

// That of most lines; "" if none has letters.
std::string usual_script(const std::vector<std::string>& lines);

// The code of the language ("en") whose commonest words occur most often, of those that are written in Latin
// letters and often translated: da, de, en, es, fr, it, nl, pl, pt, sv; "" if these words are too few or two
// languages have about as many.
std::string guess_language(const std::vector<std::string>& lines);

}  // namespace heed::support
