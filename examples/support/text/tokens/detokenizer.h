// Back from tokens to text for people, as Moses' detokenizer.perl has it, with two rules more for German.
#pragma once

#include <string>
#include <string_view>

#include "examples/support/text/text_form.h"

namespace heed::support {

// The text that tokens (tokenizer.h) were made of, as far as they tell: "don &apos;t know ." is "don't know.". Which of
// two quotation marks opens is known by counting them. In French "?", "!", ":", ";" and "%" have a no-break space
// before them. `language` by any of its names (pairs/languages.h).
std::string detokenized(std::string_view tokens, std::string_view language, TextForm form);

}  // namespace heed::support
