#include "examples/support/measures/scored_text.h"

#include "autograd/base/error.h"
#include "examples/support/text/text.h"

namespace heed::support {

std::vector<ScoredSentence> split_sentences(const std::string& measure, const std::vector<std::string>& hypotheses,
                                            const std::vector<std::vector<std::string>>& references) {
  if (hypotheses.size() != references.size()) {
    throw Error("{}: {} hypotheses, but references for {} sentences", measure, hypotheses.size(), references.size());
  }
  std::vector<ScoredSentence> sentences;
  for (size_t i = 0; i < hypotheses.size(); ++i) {
    if (references[i].empty()) {
      throw Error("{}: a sentence has no reference: '{}'", measure, hypotheses[i]);
    }
    ScoredSentence sentence{split_words(hypotheses[i]), {}};
    for (const std::string& reference : references[i]) sentence.references.push_back(split_words(reference));
    sentences.push_back(std::move(sentence));
  }
  return sentences;
}

NgramCounts count_ngrams(const Words& words, size_t n) {
  NgramCounts counts;
  for (size_t i = 0; i + n <= words.size(); ++i) {
    const auto begin = words.begin() + static_cast<std::ptrdiff_t>(i);
    ++counts[{begin, begin + static_cast<std::ptrdiff_t>(n)}];
  }
  return counts;
}

}  // namespace heed::support
