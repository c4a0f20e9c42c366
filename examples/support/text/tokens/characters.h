// What the rules for words and punctuation ask of a character.
#pragma once

#include <string>
#include <string_view>

#include "examples/support/text/text_form.h"

namespace heed::support {

// With TextForm::unicode the answers are ICU's. With TextForm::bytes they are exact for ASCII alone: of the others
// the marks of Latin 1 and the blocks of punctuation and symbols are told from letters, and none is small or capital.
class Characters {
 public:
  explicit Characters(TextForm form) : form_(form) {}

  bool letter(char32_t c) const;  // Unicode's Alphabetic
  bool number(char32_t c) const;  // general category N: also "½" and "²"
  bool letter_or_digit(char32_t c) const;
  bool small(char32_t c) const;
  bool currency(char32_t c) const;
  // Belongs to the character before it: accents and vowel signs, what chooses a form of it, the joiners of Persian, Hindi
  // and of emoji.
  bool mark(char32_t c) const;

  // Each capital as its small letter; lengths in characters do not change.
  std::string lower(std::string_view text) const;

 private:
  TextForm form_;
};

}  // namespace heed::support
