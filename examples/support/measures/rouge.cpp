#include "examples/support/measures/rouge.h"

#include <algorithm>

#include "examples/support/measures/scored_text.h"

namespace heed::support {
namespace {

constexpr double rouge_beta = 1.2;

double longest_common_subsequence(const Words& a, const Words& b) {
  std::vector<int> longest(b.size() + 1);  // of the words of a so far and the first j words of b
  for (const std::string& word : a) {
    int before = 0;  // longest[j] of the word before, which the loop overwrites
    for (size_t j = 0; j < b.size(); ++j) {
      const int above = longest[j + 1];
      longest[j + 1] = word == b[j] ? before + 1 : std::max(above, longest[j]);
      before = above;
    }
  }
  return longest.back();
}

double sentence_rouge_l(const ScoredSentence& sentence) {
  double precision = 0, recall = 0;
  for (const Words& reference : sentence.references) {
    const double common = longest_common_subsequence(sentence.hypothesis, reference);
    if (common == 0) continue;
    precision = std::max(precision, common / static_cast<double>(sentence.hypothesis.size()));
    recall = std::max(recall, common / static_cast<double>(reference.size()));
  }
  if (precision == 0) return 0;
  constexpr double square = rouge_beta * rouge_beta;
  return (1 + square) * precision * recall / (recall + square * precision);
}

}  // namespace

double corpus_rouge_l(const std::vector<std::string>& hypotheses,
                      const std::vector<std::vector<std::string>>& references) {
  const std::vector<ScoredSentence> sentences = split_sentences("ROUGE-L", hypotheses, references);
  double sum = 0;
  for (const ScoredSentence& sentence : sentences) sum += sentence_rouge_l(sentence);
  return sentences.empty() ? 0 : sum / static_cast<double>(sentences.size());
}

}  // namespace heed::support
