// METEOR, a measure of translations and captions that forgives inflection (Denkowski and Lavie, "Meteor
// universal: language specific translation evaluation for any target language", 2014), with the parameters of
// version 1.5 for English, and with two of its four ways to match words: as they are, and by their stems.
//
// Each word of the hypothesis is matched with at most one of the reference. Of all ways to match as many
// words as possible, take one with the fewest chunks (runs of words that stand side by side in both
// sentences). With m matches in c chunks, and a match weighing 1 if exact and 0.6 if by stem,
//
//     P = weight / words of the hypothesis,     R = weight / words of the reference
//     F = P R / (0.85 P + 0.15 R)
//     METEOR = F (1 - 0.6 (c / m)^0.2)
//
// Without the last factor word order would not count; when hypothesis and reference are the same words in
// the same order it is 1. Of several references the one with the best score counts. For a corpus, lengths,
// matches and chunks are added up before the formula is applied.
//
// Left out, because they need large tables for one language: matches of synonyms and of paraphrases, and the
// smaller weight of function words (delta). So the figures are lower than those of the complete METEOR 1.5
// and not comparable with them; among themselves they are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heed::support {

struct Meteor {
  int64_t exact = 0, stem = 0;  // matches
  int64_t chunks = 0;           // of the sentences that are not perfect
  int64_t hyp_len = 0;          // words
  int64_t ref_len = 0;          // words of the best references

  double score() const;  // as a fraction in [0, 1]
};

// METEOR of a corpus. Without libstemmer (Stemmer::available()) only exact matches are found. Throws what
// split_sentences throws (scored_text.h).
Meteor corpus_meteor(const std::vector<std::string>& hypotheses,
                     const std::vector<std::vector<std::string>>& references);

}  // namespace heed::support
