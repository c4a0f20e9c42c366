// What the measures of written text (bleu.h, meteor.h, rouge.h, cider.h) work on: hypotheses and their
// references, split into words, and counts of the runs of n words in them (n-grams).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace heed::support {

using Words = std::vector<std::string>;

// What a program wrote, and what people wrote about the same thing.
struct ScoredSentence {
  Words hypothesis;
  std::vector<Words> references;
};

// Words are separated by white space; case matters. Throws when the numbers of hypotheses and of lists of
// references differ, or when a list is empty; `measure` begins the message.
std::vector<ScoredSentence> split_sentences(const std::string& measure, const std::vector<std::string>& hypotheses,
                                            const std::vector<std::vector<std::string>>& references);

// How often each run of n words occurs.
using NgramCounts = std::map<Words, int64_t>;
NgramCounts count_ngrams(const Words& words, size_t n);

}  // namespace heed::support
