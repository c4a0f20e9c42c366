// The form in which text reaches a model, so that the same words are the same bytes everywhere: in the
// corpus, on standard input, in captions.
//
// Unicode writes "é" in two ways, as one character or as an "e" and an accent that joins it, and no reader
// sees the difference, but a vocabulary does. Its normal form C has the first (Unicode Standard Annex 15).
// Case and punctuation are not ASCII's alone either. All this is known to the library ICU, where heed was
// built with it.
#pragma once

#include <string>
#include <string_view>

#include "autograd/base/choice.h"

namespace heed::support {

// A run keeps the form that it was trained with. Runs from before 2026-12 have `bytes`.
enum class TextForm { bytes, unicode };
inline constexpr Choice<TextForm> text_forms[] = {
    {"unicode", "accents joined to their letters (NFC), case and punctuation as Unicode has them; needs ICU",
     TextForm::unicode},
    {"bytes", "as it stands; case and punctuation are those of ASCII", TextForm::bytes},
};

// Whether heed was built with ICU. Without it what follows throws for TextForm::unicode, saying what to
// install.
bool has_unicode();

// Of a new run: unicode where heed was built with ICU.
TextForm usual_text_form();

// Throws if a run of this form cannot be read by this build.
void require(TextForm form);

// A line as it comes in: without a byte order mark at its beginning, and in normal form C. Well-formed UTF-8
// is expected (text.h: invalid_utf8).
std::string normal_form(std::string_view line, TextForm form);

// Without case, in normal form C: lower case, and what has more than one ("ß" and "ss", "σ" and "ς") as one.
// With `bytes` A to Z alone.
std::string without_case(std::string_view text, TextForm form);

// Whether a word holds nothing but punctuation and symbols. With `bytes` those of ASCII alone.
bool only_punctuation(std::string_view word, TextForm form);

}  // namespace heed::support
