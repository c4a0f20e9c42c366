// Words of held-out text that vocabularies of the text to learn from would not have.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "examples/support/text/vocabulary.h"

namespace heed::support {

struct UnknownWords {
  int64_t known = 0;  // words in the vocabulary
  double share = 0;   // of the held-out words, that it lacks
};
UnknownWords unknown_words(const std::vector<std::string>& train, const std::vector<std::string>& held_out,
                           const VocabularyOptions& options);

// A text to learn from and a held-out one of the same kind: sources, targets, captions.
struct TextAndHeldOut {
  const std::vector<std::string>& train;
  const std::vector<std::string>& held_out;
};

// Of each text, by presets, whose limits of a vocabulary are given: those that come to the same words are one entry,
// "demo, paper", as limits that a text does not reach make no difference.
std::map<std::string, std::vector<UnknownWords>> unknown_by_preset(
    const std::vector<std::pair<std::string, VocabularyOptions>>& presets, const std::vector<TextAndHeldOut>& texts);

}  // namespace heed::support
