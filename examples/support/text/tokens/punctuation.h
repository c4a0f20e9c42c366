// Punctuation in one form, as Moses' normalize-punctuation has it: one kind of quotation marks, apostrophe, dash and
// dots, whichever a text was typed with, and the spaces around them as in English.
#pragma once

#include <string>
#include <string_view>

namespace heed::support {

// `language` by any of its names (pairs/languages.h). What differs between languages: whether a comma or full stop
// stands before a closing quotation mark (English) or behind it (the others), and what separates thousands.
std::string normal_punctuation(std::string_view line, std::string_view language);

}  // namespace heed::support
