#include "examples/support/text/tokens/detokenizer.h"

#include <algorithm>
#include <map>
#include <vector>

#include "examples/support/text/pairs/languages.h"
#include "examples/support/text/tokens/characters.h"
#include "examples/support/text/tokens/escapes.h"
#include "examples/support/text/words/words.h"

namespace heed::support {
namespace {

using Text = std::u32string;

// On which sides of a token there is no space.
struct Joins {
  bool before = false, behind = false;
  bool no_break_space = false;  // before it, in the place of a space
};

constexpr Joins kApart, kToTheLeft{.before = true}, kToTheRight{.behind = true},
    kToBoth{.before = true, .behind = true};

bool all_of(const Text& word, std::u32string_view set) {
  return !word.empty() && word.find_first_not_of(set) == Text::npos;
}

class Detokenizer {
 public:
  Detokenizer(std::vector<Text> words, std::string code, TextForm form)
      : words_(std::move(words)), code_(std::move(code)), is_(form) {}

  std::string joined() {
    Text text;
    bool space = false;
    for (size_t i = 0; i < words_.size(); ++i) {
      const Joins joins = joins_of(i);
      if (joins.no_break_space) text += U'\u00A0';
      else if (space && !joins.before) text += U' ';
      text += words_[i];
      space = !joins.behind;
    }
    return to_utf8(text);
  }

 private:
  // The rules, the first that holds.
  Joins joins_of(size_t i) {
    const Text& word = words_[i];
    if (opens(word)) return kToTheRight;
    if (all_of(word, U",.?!:;\\%}])")) return {.before = true, .no_break_space = french_mark(word) && i > 0};
    if (all_of(word, U"،؛؟।॥")) return kToTheLeft;                    // of Arabic, Persian, Urdu, Hindi
    if (all_of(word, U"、。，．！？：；）」』】》")) return kToBoth;  // of Chinese and Japanese, as wide as a word
    if (code_ == "en" && english_contraction(i)) return kToTheLeft;
    if (elides_to_the_left() && french_elision(i)) return kToTheRight;
    if (code_ == "de" && word == U"'" && german_contraction(i)) return kToBoth;
    if (all_of(word, U"'\"`")) return quotation_mark(i);
    return kApart;
  }

  // Money and what opens: "$ 5" is "$5".
  bool opens(const Text& word) const {
    return std::all_of(word.begin(), word.end(), [this](char32_t c) {
      return is_.currency(c) || std::u32string_view(U"([{¿¡").find(c) != Text::npos;
    });
  }

  bool french_mark(const Text& word) const { return code_ == "fr" && word.size() == 1 && all_of(word, U"?!:;%"); }

  // "don 't"
  bool english_contraction(size_t i) const {
    const Text& word = words_[i];
    return i > 0 && word.size() > 1 && word[0] == '\'' && is_.letter(word[1]) &&
           is_.letter_or_digit(words_[i - 1].back());
  }

  bool elides_to_the_left() const { return code_ == "fr" || code_ == "it" || code_ == "ga" || code_ == "ca"; }

  // "l' homme"
  bool french_elision(size_t i) const {
    const Text& word = words_[i];
    return i + 1 < words_.size() && word.size() > 1 && word.back() == '\'' && is_.letter(word[word.size() - 2]) &&
           is_.letter(words_[i + 1].front());
  }

  // "geht ' s", "McDonald ' s": heed's own rule. Else it may be a quotation mark.
  bool german_contraction(size_t i) const {
    return i > 0 && i + 1 < words_.size() && is_.letter(words_[i - 1].back()) && words_[i + 1] == U"s";
  }

  // The first of its kind opens, the second closes.
  Joins quotation_mark(size_t i) {
    int64_t& count = seen_[words_[i]];
    const bool closes = count % 2 == 1;
    if (!closes && possessive(i)) return kToTheLeft;
    ++count;
    return closes ? kToTheLeft : kToTheRight;
  }

  // "the Jones ' house"; the same in German, which is heed's own rule.
  bool possessive(size_t i) const {
    return (code_ == "en" || code_ == "de") && words_[i] == U"'" && i > 0 && words_[i - 1].back() == 's';
  }

  std::vector<Text> words_;
  std::string code_;
  Characters is_;
  std::map<Text, int64_t> seen_;  // how many quotation marks of each kind
};

}  // namespace

std::string detokenized(std::string_view tokens, std::string_view language, TextForm form) {
  std::vector<Text> words;
  for (const std::string& word : split_words(tokens)) words.push_back(code_points(unescaped(word)));
  return Detokenizer(std::move(words), language_code(language), form).joined();
}

}  // namespace heed::support
