// What is done to a line of text before a model reads it, and undone to what it writes. A run keeps how it was
// trained.
//
//     the line as people have it  ->  normal form C (text_form.h)  ->  small letters, if that is asked for
//       ->  punctuation.h  ->  tokenizer.h  ->  words with spaces between, for the model
//
// Small letters come first, as in the texts that Multi30k's authors ship.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autograd/base/choice.h"
#include "examples/support/text/text_form.h"

namespace heed::support {

// Runs from before 2026-12 have `none`.
enum class Tokenization { none, moses, by_looking };
inline constexpr Choice<Tokenization> tokenizations[] = {
    {"auto", "moses, unless the text looks tokenised already; the run keeps which it was", Tokenization::by_looking},
    {"moses", "words and punctuation apart, as Moses' scripts have them; own rules for en, de, fr",
     Tokenization::moses},
    {"none", "the text is tokenised already: words are what stands between spaces", Tokenization::none},
};

struct TokenForm {
  Tokenization tokenize = Tokenization::none;
  bool lowercase = false;

  // Whether a text that is read so is not the text as it was written.
  bool changes() const { return tokenize != Tokenization::none || lowercase; }
  bool operator==(const TokenForm&) const = default;
  void fields(auto& visit) {
    visit("tokenize", tokenize, tokenizations, "of all text that is read");
    visit("lowercase", lowercase, "read and write small letters alone");
  }
};

// A line in normal form as its tokens, and tokens as plain text: unescaped, punctuation at its words. Small letters
// stay small. `language` by any of its names (pairs/languages.h). `form.tokenize` must be settled.
std::string to_tokens(std::string_view line, std::string_view language, const TokenForm& form, TextForm text_form);
std::string to_plain(std::string_view tokens, std::string_view language, const TokenForm& form, TextForm text_form);

// How the punctuation of a text stands.
struct Looks {
  int64_t apart = 0;     // marks that are words: " ." and " ,"
  int64_t attached = 0;  // words that end in "." or ","

  void add(std::string_view line);
  // Tokenised text has a word that ends in a full stop here and there ("Mr."), so a tenth may be attached. One
  // without any mark needs no tokenizer.
  Tokenization tokenization() const { return 9 * attached > apart ? Tokenization::moses : Tokenization::none; }
};

}  // namespace heed::support
