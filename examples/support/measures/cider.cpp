#include "examples/support/measures/cider.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "examples/support/measures/scored_text.h"

namespace heed::support {
namespace cider {

constexpr size_t orders = 4;

using Frequencies = std::map<Words, double>;  // in how many pictures an n-gram is

// The weights of the n-grams of one sentence, for one n.
struct Weights {
  std::map<Words, double> of;
  double norm = 0;
};

struct Vectors {
  std::array<Weights, orders> weights;
  double length = 0;
};

}  // namespace cider

struct CiderD::Known {
  double pictures = 0;
  cider::Frequencies frequencies;
  std::vector<std::vector<cider::Vectors>> references;  // of each picture
};

namespace {

using namespace cider;

Frequencies document_frequencies(const std::vector<ScoredSentence>& sentences) {
  Frequencies frequencies;
  for (const ScoredSentence& sentence : sentences) {
    std::set<Words> seen;
    for (const Words& reference : sentence.references) {
      for (size_t n = 1; n <= orders; ++n) {
        for (const auto& [ngram, count] : count_ngrams(reference, n)) seen.insert(ngram);
      }
    }
    for (const Words& ngram : seen) ++frequencies[ngram];
  }
  return frequencies;
}

Vectors vectors_of(const Words& words, const Frequencies& frequencies, double pictures) {
  Vectors vectors;
  vectors.length = static_cast<double>(words.size());
  for (size_t n = 1; n <= orders; ++n) {
    Weights& weights = vectors.weights[n - 1];
    for (const auto& [ngram, count] : count_ngrams(words, n)) {
      const auto found = frequencies.find(ngram);
      const double frequency = found == frequencies.end() ? 1 : found->second;
      const double weight = static_cast<double>(count) * std::log(pictures / frequency);
      weights.of[ngram] = weight;
      weights.norm += weight * weight;
    }
    weights.norm = std::sqrt(weights.norm);
  }
  return vectors;
}

double cosine(const Weights& hypothesis, const Weights& reference) {
  if (hypothesis.norm == 0 || reference.norm == 0) return 0;
  double sum = 0;
  for (const auto& [ngram, weight] : hypothesis.of) {
    const auto found = reference.of.find(ngram);
    if (found != reference.of.end()) sum += std::min(weight, found->second) * found->second;
  }
  return sum / (hypothesis.norm * reference.norm);
}

double similarity(const Vectors& hypothesis, const Vectors& reference) {
  double sum = 0;
  for (size_t n = 0; n < orders; ++n) sum += cosine(hypothesis.weights[n], reference.weights[n]);
  constexpr double sigma = 6;
  const double difference = hypothesis.length - reference.length;
  return sum / orders * std::exp(-difference * difference / (2 * sigma * sigma));
}

Words words_of(const std::string& text) { return split_sentences("CIDEr-D", {text}, {{text}}).front().hypothesis; }

}  // namespace

CiderD::CiderD(const std::vector<std::vector<std::string>>& references) {
  const std::vector<ScoredSentence> sentences =
      split_sentences("CIDEr-D", std::vector<std::string>(references.size()), references);
  auto known = std::make_shared<Known>();
  known->pictures = static_cast<double>(sentences.size());
  known->frequencies = document_frequencies(sentences);
  for (const ScoredSentence& sentence : sentences) {
    known->references.emplace_back();
    for (const Words& reference : sentence.references)
      known->references.back().push_back(vectors_of(reference, known->frequencies, known->pictures));
  }
  known_ = std::move(known);
}

double CiderD::of(const std::string& hypothesis, size_t i) const {
  const Vectors mine = vectors_of(words_of(hypothesis), known_->frequencies, known_->pictures);
  double sum = 0;
  for (const Vectors& reference : known_->references.at(i)) sum += similarity(mine, reference);
  return 10 * sum / static_cast<double>(known_->references[i].size());
}

double corpus_cider_d(const std::vector<std::string>& hypotheses,
                      const std::vector<std::vector<std::string>>& references) {
  if (hypotheses.size() != references.size()) split_sentences("CIDEr-D", hypotheses, references);  // which throws
  const CiderD measure(references);
  double total = 0;
  for (size_t i = 0; i < hypotheses.size(); ++i) total += measure.of(hypotheses[i], i);
  return hypotheses.empty() ? 0 : total / static_cast<double>(hypotheses.size());
}

}  // namespace heed::support
