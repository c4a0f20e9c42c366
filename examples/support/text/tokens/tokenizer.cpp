#include "examples/support/text/tokens/tokenizer.h"

#include <algorithm>
#include <span>
#include <vector>

#include "examples/support/text/pairs/languages.h"
#include "examples/support/text/tokens/abbreviations.h"
#include "examples/support/text/tokens/characters.h"
#include "examples/support/text/tokens/escapes.h"
#include "examples/support/text/words/words.h"

namespace heed::support {
namespace {

using Text = std::u32string;

void append_apart(Text& text, std::u32string_view token) { ((text += U' ') += token) += U' '; }

// --- Step 1: one space between words, no control characters ------------------------------------------------

Text without_junk(std::string_view line) {
  Text text = code_points(join_words(split_words(line)));
  std::erase_if(text, [](char32_t c) { return c < 0x20; });
  return text;
}

// --- Step 2: whatever is no letter, digit or one of .'`,- stands alone -------------------------------------

// A mark, what a joiner joins, and the second letter of a flag stand with what is before them. (Moses tears them off,
// and nobody could put them together again.)
bool goes_with(char32_t before, char32_t c, const Characters& is) {
  constexpr char32_t joiner = 0x200D;
  const auto of_flag = [](char32_t letter) { return letter >= 0x1F1E6 && letter <= 0x1F1FF; };
  return before != ' ' && (is.mark(c) || (before == joiner && c != ' ') || (of_flag(before) && of_flag(c)));
}

Text with_symbols_apart(const Text& text, const Characters& is) {
  Text result;
  char32_t before = ' ';
  bool apart = false;  // the character before stands alone
  for (const char32_t c : text) {
    if (goes_with(before, c, is)) {
      result.insert(result.end() - (apart ? 1 : 0), c);
    } else {
      apart = c != ' ' && std::u32string_view(U".'`,-").find(c) == Text::npos && !is.letter_or_digit(c);
      if (apart) append_apart(result, {&c, 1});
      else result += c;
    }
    before = c;
  }
  return result;
}

// --- Step 3: two full stops or more are one token ----------------------------------------------------------

Text with_dots_apart(const Text& text) {
  Text result;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find_first_not_of(U'.', at), text.size());
    if (end - at >= 2) append_apart(result, std::u32string_view(text).substr(at, end - at));
    else result.append(text, at, std::max<size_t>(end - at, 1));
    at = std::max(end, at + 1);
  }
  return result;
}

// --- Step 4: a comma stands alone, but for one between numbers: 5,300 --------------------------------------

Text with_commas_apart(const Text& text, const Characters& is) {
  Text result;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool number_before = i > 0 && is.number(text[i - 1]), last = i + 1 == text.size();
    const bool number_after = !last && is.number(text[i + 1]);
    const bool within_number = (number_before || i == 0) && number_after;
    if (text[i] == ',' && !within_number) append_apart(result, U",");
    else result += text[i];
  }
  return result;
}

// --- Step 5: apostrophes -----------------------------------------------------------------------------------

enum class Neighbour { letter, no_letter, no_letter_or_number, number, s };

// Between these two the apostrophe gets a space before it, behind it, or both.
struct ApostropheRule {
  Neighbour before, after;
  bool space_before, space_behind;
};

// "don 't": what follows belongs to the apostrophe.
constexpr ApostropheRule kEnglish[] = {
    {Neighbour::no_letter, Neighbour::no_letter, true, true},
    {Neighbour::no_letter_or_number, Neighbour::letter, true, true},
    {Neighbour::letter, Neighbour::no_letter, true, true},
    {Neighbour::letter, Neighbour::letter, true, false},
    {Neighbour::number, Neighbour::s, true, false},  // the 1990 's
};

// "l' homme": what stands before belongs to it. Also Italian, Irish and Catalan.
constexpr ApostropheRule kFrench[] = {
    {Neighbour::no_letter, Neighbour::no_letter, true, true},
    {Neighbour::no_letter, Neighbour::letter, true, true},
    {Neighbour::letter, Neighbour::no_letter, true, true},
    {Neighbour::letter, Neighbour::letter, false, true},
};

std::span<const ApostropheRule> apostrophe_rules(std::string_view code) {
  if (code == "en") return kEnglish;
  if (code == "fr" || code == "it" || code == "ga" || code == "ca") return kFrench;
  return {};
}

bool fits(Neighbour wanted, char32_t c, const Characters& is) {
  switch (wanted) {
    case Neighbour::letter: return is.letter(c);
    case Neighbour::no_letter: return !is.letter(c);
    case Neighbour::no_letter_or_number: return !is.letter(c) && !is.number(c);
    case Neighbour::number: return is.number(c);
    case Neighbour::s: return c == 's';
  }
  return false;
}

// A character beside one apostrophe does not count for the next.
Text applied(const ApostropheRule& rule, const Text& text, const Characters& is) {
  Text result;
  for (size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (i + 2 >= text.size() || text[i + 1] != '\'' || !fits(rule.before, text[i], is) ||
        !fits(rule.after, text[i + 2], is))
      continue;
    if (rule.space_before) result += U' ';
    result += U'\'';
    if (rule.space_behind) result += U' ';
    result += text[i + 2];
    i += 2;
  }
  return result;
}

// In languages without a rule each stands alone.
Text with_apostrophes_apart(Text text, std::string_view code, const Characters& is) {
  const auto rules = apostrophe_rules(code);
  for (const ApostropheRule& rule : rules) text = applied(rule, text, is);
  if (!rules.empty()) return text;
  Text result;
  for (const char32_t c : text) c == '\'' ? append_apart(result, U"'") : result.push_back(c);
  return result;
}

// --- Step 6: the full stop at the end of a word, unless it belongs to it -----------------------------------

bool keeps_stop(const std::string& stem, const std::string& next, const Abbreviations& known, const Characters& is) {
  const Text letters = code_points(stem), follows = code_points(next);
  const bool acronym = letters.find(U'.') != Text::npos &&
                       std::any_of(letters.begin(), letters.end(), [&](char32_t c) { return is.letter(c); });
  const bool number_follows = !next.empty() && next.front() >= '0' && next.front() <= '9';
  return acronym || known.always.contains(stem) || (!follows.empty() && is.small(follows.front())) ||
         (number_follows && known.before_number.contains(stem));
}

std::string with_stops_apart(const Text& text, const Abbreviations& known, const Characters& is) {
  std::vector<std::string> words = split_words(to_utf8(text));
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string stem = words[i].substr(0, words[i].size() - 1);
    const bool ends_in_stop = !stem.empty() && words[i].back() == '.' && !words[i].ends_with("..");
    const std::string next = i + 1 < words.size() ? words[i + 1] : "";
    if (ends_in_stop && !keeps_stop(stem, next, known, is)) words[i] = stem + " .";
  }
  std::string line = join_words(words);
  if (line.ends_with(".'")) line.replace(line.size() - 2, 2, " . '");
  return line;
}

}  // namespace

std::string tokenized(std::string_view line, std::string_view language, TextForm form) {
  const Characters is(form);
  const std::string code = language_code(language);
  Text text = with_symbols_apart(without_junk(line), is);
  text = with_commas_apart(with_dots_apart(text), is);
  text = with_apostrophes_apart(std::move(text), code, is);
  return escaped(join_words(split_words(with_stops_apart(text, abbreviations(code), is))));
}

}  // namespace heed::support
