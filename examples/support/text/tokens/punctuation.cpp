#include "examples/support/text/tokens/punctuation.h"

#include <algorithm>
#include <span>

#include "examples/support/text/pairs/languages.h"

namespace heed::support {
namespace {

// What must stand beside a text that is replaced. It stays, and does not count for the rule's next place.
enum class Beside { anything, digit, closing };

struct Replacement {
  std::string_view from, to;
  Beside before = Beside::anything, after = Beside::anything;
};

bool fits(Beside wanted, char c) {
  switch (wanted) {
    case Beside::digit: return c >= '0' && c <= '9';
    case Beside::closing: return std::string_view(".!:?;,").find(c) != std::string_view::npos;
    case Beside::anything: return true;
  }
  return true;
}

// A run of spaces becomes one.
constexpr Replacement kOneSpace = {"  ", " "};

// Brackets have spaces outside and none inside; no space stands before a colon, semicolon or percent sign.
constexpr Replacement kSpaces[] = {
    {"(", " ("},
    {")", ") "},
    kOneSpace,
    {") ", ")", Beside::anything, Beside::closing},
    {"( ", "("},
    {" )", ")"},
    {" %", "%", Beside::digit},
    {" :", ":"},
    {" ;", ";"},
};

// What stands for a mark of ASCII. Two apostrophes are a quotation mark.
constexpr Replacement kMarks[] = {
    {"`", "'"}, {"''", " \" "}, {"„", "\""}, {"“", "\""}, {"”", "\""},  {"–", "-"},   {"—", " - "}, kOneSpace,
    {"´", "'"}, {"‘", "'"},     {"‚", "'"},  {"’", "'"},  {"''", "\""}, {"´´", "\""}, {"…", "..."},
};

// French quotation marks, with the spaces inside that French sets.
constexpr Replacement kGuillemets[] = {
    {"\u00A0«\u00A0", " \""}, {"«\u00A0", "\""}, {"«", "\""},
    {"\u00A0»\u00A0", "\" "}, {"\u00A0»", "\""}, {"»", "\""},
};

// No-break spaces: gone before punctuation, else spaces.
constexpr Replacement kNoBreakSpaces[] = {
    {"\u00A0%", "%"}, {"nº\u00A0", "nº "}, {"\u00A0:", ":"}, {"\u00A0ºC", " ºC"}, {"\u00A0cm", " cm"},
    {"\u00A0?", "?"}, {"\u00A0!", "!"},    {"\u00A0;", ";"}, {",\u00A0", ", "},   kOneSpace,
};

// A no-break space between digits separates thousands.
constexpr Replacement kPointBetweenDigits[] = {{"\u00A0", ".", Beside::digit, Beside::digit}};
constexpr Replacement kCommaBetweenDigits[] = {{"\u00A0", ",", Beside::digit, Beside::digit}};

bool matches(const Replacement& rule, const std::string& text, size_t at, size_t begin) {
  const size_t end = at + rule.from.size();
  const bool before = rule.before == Beside::anything || (at > begin && fits(rule.before, text[at - 1]));
  return before && (rule.after == Beside::anything || (end < text.size() && fits(rule.after, text[end])));
}

void replace_all(const Replacement& rule, std::string& text) {
  if (rule.from == kOneSpace.from) {
    text.erase(std::unique(text.begin(), text.end(), [](char a, char b) { return a == ' ' && b == ' '; }),
               text.end());
    return;
  }
  size_t at = text.find(rule.from);
  if (at == std::string::npos) return;
  std::string result;
  size_t begin = 0;  // what was not looked at yet
  for (; at != std::string::npos; at = text.find(rule.from, at)) {
    if (!matches(rule, text, at, begin)) {
      ++at;
      continue;
    }
    result.append(text, begin, at - begin) += rule.to;
    at += rule.from.size();
    begin = at;
    if (rule.after != Beside::anything) result += text[at++], begin = at;
  }
  text = result.append(text, begin);
}

void replace_all(std::span<const Replacement> rules, std::string& text) {
  for (const Replacement& rule : rules) replace_all(rule, text);
}

// American style: "so," and not "so",
void marks_into_quotes(std::string& text) {
  for (size_t at = text.find('"'); at != std::string::npos; at = text.find('"', at + 1)) {
    const size_t end = std::min(text.find_first_not_of(",.", at + 1), text.size());
    std::rotate(text.begin() + static_cast<std::ptrdiff_t>(at), text.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                text.begin() + static_cast<std::ptrdiff_t>(end));
    at = end - 1;
  }
}

// The others: "so", and not "so,". What stands behind the quotation mark does not count for the next one.
void marks_out_of_quotes(std::string& text) {
  replace_all({",\"", "\","}, text);
  size_t begin = 0;
  for (size_t at = text.find(".\""); at != std::string::npos; at = text.find(".\"", begin)) {
    const size_t quote = at + 1, behind = at + 2;
    while (at > begin && text[at - 1] == '.') --at;
    const bool markup = behind < text.size() && text[behind] == '<';
    if (!markup)
      std::rotate(text.begin() + static_cast<std::ptrdiff_t>(at), text.begin() + static_cast<std::ptrdiff_t>(quote),
                  text.begin() + static_cast<std::ptrdiff_t>(behind));
    begin = std::min(text.find_first_not_of(' ', behind), text.size() - 1) + 1;
  }
}

}  // namespace

std::string normal_punctuation(std::string_view line, std::string_view language) {
  const std::string code = language_code(language);
  std::string text(line);
  std::erase(text, '\r');
  for (const std::span<const Replacement> step :
       {std::span<const Replacement>(kSpaces), std::span<const Replacement>(kMarks),
        std::span<const Replacement>(kGuillemets), std::span<const Replacement>(kNoBreakSpaces)})
    replace_all(step, text);
  if (code == "en") marks_into_quotes(text);
  else if (code != "cs")  // Czech has both
    marks_out_of_quotes(text);
  const bool comma = code == "de" || code == "es" || code == "cs" || code == "fr";
  replace_all(
      comma ? std::span<const Replacement>(kCommaBetweenDigits) : std::span<const Replacement>(kPointBetweenDigits),
      text);
  return text;
}

}  // namespace heed::support
