// Words whose full stop belongs to them and ends no sentence: "Dr.", "z.B.", "env.".
#pragma once

#include <string>
#include <unordered_set>

namespace heed::support {

struct Abbreviations {
  std::unordered_set<std::string> always;         // without the full stop; case matters
  std::unordered_set<std::string> before_number;  // "No. 7", but "No. Never."
};

// Of English, German and French, by any name of the language (pairs/languages.h); for others those of English.
const Abbreviations& abbreviations(std::string_view language);

}  // namespace heed::support
