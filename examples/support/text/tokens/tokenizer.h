// Words and punctuation apart, as Moses' tokenizer.perl has it: "I don't know, Dr. Who." becomes
//
//     I don &apos;t know , Dr. Who .
//
// so that a vocabulary holds "know" and "," and not "know,". Published figures on translation are nearly always of
// text in this form. Hyphens within words stay ("aggressive" splitting is off).
#pragma once

#include <string>
#include <string_view>

#include "examples/support/text/text_form.h"

namespace heed::support {

// The tokens with a space between each two, escaped (escapes.h). `language` by any of its names (pairs/languages.h);
// one without rules of its own is split by the general ones. Well-formed UTF-8 is expected.
std::string tokenized(std::string_view line, std::string_view language, TextForm form);

}  // namespace heed::support
