#include "examples/page/rules.h"

#include <algorithm>
#include <sstream>

namespace heed::page {
namespace {

Letters copy(Letters x, int64_t) { return x; }

Letters reverse(Letters x, int64_t) {
  std::reverse(x.begin(), x.end());
  return x;
}

Letters sort(Letters x, int64_t) {
  std::sort(x.begin(), x.end());
  return x;
}

Letters swap_neighbours(Letters x, int64_t) {
  for (size_t i = 0; i + 1 < x.size(); i += 2) std::swap(x[i], x[i + 1]);
  return x;
}

Letters rotate(Letters x, int64_t) {
  if (!x.empty()) std::rotate(x.begin(), x.begin() + 1, x.end());
  return x;
}

Letters twice(Letters x, int64_t) {
  Letters y;
  for (const int64_t letter : x) y.insert(y.end(), 2, letter);
  return y;
}

Letters every_other(Letters x, int64_t) {
  Letters y;
  for (size_t i = 0; i < x.size(); i += 2) y.push_back(x[i]);
  return y;
}

Letters next(Letters x, int64_t letters) {
  for (int64_t& letter : x) letter = (letter + 1) % letters;
  return x;
}

Letters unique(Letters x, int64_t) {
  Letters y;
  for (const int64_t letter : x)
    if (std::find(y.begin(), y.end(), letter) == y.end()) y.push_back(letter);
  return y;
}

constexpr RuleChoice kWords[] = {
    {"reverse", "the last letter first", reverse},
    {"copy", "as it is", copy},
    {"sort", "from a to z", sort},
    {"swap", "neighbours change places", swap_neighbours},
    {"rotate", "the first letter goes to the end", rotate},
    {"double", "each letter twice", twice},
    {"odd", "every other letter, from the first on", every_other},
    {"next", "each letter becomes the one after it", next},
    {"unique", "each letter once, where it came first", unique},
};
constexpr size_t kMostWords = 8;

}  // namespace

constinit const std::span<const RuleChoice> rule_words = kWords;

Rule::Rule(const std::string& words) {
  std::istringstream stream(words);
  for (std::string word; stream >> word;) words_.push_back(&choose(rule_words, "rule", word));
  if (words_.empty() || words_.size() > kMostWords)
    throw Error("a rule is one to {} words, done from left to right; take {}", kMostWords, names_of(rule_words));
}

Letters Rule::operator()(Letters read, int64_t letters) const {
  for (const RuleChoice* word : words_) {
    read = word->make(std::move(read), letters);
    if (read.size() > 4 * kMostWords) break;  // "double double double .." need not be told to the end
  }
  return read;
}

}  // namespace heed::page
