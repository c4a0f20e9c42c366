// The names of languages, as files of pairs have them: "en", "eng", "English".
#pragma once

#include <string>
#include <string_view>

namespace heed::support {

// One word for a language, whichever of its names is given: its two letters of ISO 639-1, from these, its
// three letters of ISO 639-2 or 639-3, or its English name, in any case, with or without a region ("pt-BR").
// "" for a word that is no language here.
std::string language_code(std::string_view name);

// Whether both are names of one language; for names that are not known, whether they are one word.
bool same_language(std::string_view a, std::string_view b);

// Whether a code is an English word, too, as "it" and "no" are, and so says little where it stands in a text.
bool is_common_word(std::string_view code);

}  // namespace heed::support
