#include "examples/support/text/grammar_rules.h"

#include "examples/support/text/grammar/grammar_words.h"

#include <algorithm>
#include <string_view>

namespace heed::support::grammar {

bool starts_with_vowel(const std::string& word) {
  static const std::vector<std::string> vowels = {"a", "e", "i", "o", "u", "h", "é", "ê", "î", "ô", "œ"};
  return std::any_of(vowels.begin(), vowels.end(), [&](const auto& vowel) { return word.starts_with(vowel); });
}

// From full forms to the forms that stand before their neighbours: le homme -> l' homme, de le -> du, ma
// école -> mon école. From the right, because a word's form depends on the final form of the next one.
Contracted contract(const std::vector<std::string>& full) {
  static const std::vector<Pair> elided = {{"le", "l'"}, {"la", "l'"},  {"ne", "n'"}, {"que", "qu'"},
                                           {"de", "d'"}, {"ce", "cet"}, {"ma", "mon"}};
  static const std::vector<Pair> merged = {{"le", "du"}, {"les", "des"}, {"des", "de"}, {"de", "de"}};
  std::vector<std::string> words;  // in reverse, as is
  std::vector<size_t> place;       // of each word from the last
  for (auto word = full.rbegin(); word != full.rend(); ++word) {
    const std::string next = words.empty() ? "" : words.back();
    const auto is = [](const std::string& w) { return [&w](const Pair& pair) { return w == pair.en; }; };
    const auto elision = std::find_if(elided.begin(), elided.end(), is(*word));
    const auto merger = std::find_if(merged.begin(), merged.end(), is(next));
    if (*word == "de" && merger != merged.end()) {
      words.back() = merger->fr;
      const std::string after = words.size() > 1 ? words[words.size() - 2] : "";
      if (next == "des" && starts_with_vowel(after)) words.back() = "d'";
    } else if (elision != elided.end() && starts_with_vowel(next)) {
      words.push_back(elision->fr);
    } else {
      words.push_back(*word);
    }
    place.push_back(words.size() - 1);
  }
  for (size_t& p : place) p = words.size() - 1 - p;
  return {{words.rbegin(), words.rend()}, {place.rbegin(), place.rend()}};
}

std::vector<std::string> fix_article(std::vector<std::string> words) {
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == "a" && std::string_view("aeiou").find(words[i + 1].front()) != std::string_view::npos) {
      words[i] = "an";
    }
  }
  return words;
}

}  // namespace heed::support::grammar
