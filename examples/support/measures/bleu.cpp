#include "examples/support/measures/bleu.h"

#include "autograd/base/error.h"
#include "examples/support/measures/scored_text.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace heed::support {

namespace {

// For each n-gram, how often it occurs in the reference that has it most.
NgramCounts largest_counts(const std::vector<Words>& references, size_t n) {
  NgramCounts largest;
  for (const Words& reference : references) {
    for (const auto& [ngram, count] : count_ngrams(reference, n)) {
      largest[ngram] = std::max(largest[ngram], count);
    }
  }
  return largest;
}

int64_t closest_length(int64_t length, const std::vector<Words>& references) {
  int64_t closest = static_cast<int64_t>(references.front().size());
  for (const Words& reference : references) {
    const int64_t other = static_cast<int64_t>(reference.size());
    const int64_t nearer = std::abs(other - length) - std::abs(closest - length);
    if (nearer < 0 || (nearer == 0 && other < closest)) closest = other;
  }
  return closest;
}

}  // namespace

void Bleu::add(const std::string& hypothesis, const std::vector<std::string>& references) {
  const ScoredSentence sentence = split_sentences("BLEU", {hypothesis}, {references}).front();
  const Words& words = sentence.hypothesis;
  const int64_t length = static_cast<int64_t>(words.size());
  hyp_len += length;
  ref_len += closest_length(length, sentence.references);
  for (size_t n = 1; n <= 4; ++n) {
    const NgramCounts allowed = largest_counts(sentence.references, n);
    for (const auto& [ngram, count] : count_ngrams(words, n)) {
      const auto found = allowed.find(ngram);
      total[n - 1] += count;
      if (found != allowed.end()) correct[n - 1] += std::min(count, found->second);
    }
  }
}

Bleu& Bleu::operator+=(const Bleu& other) {
  for (size_t i = 0; i < 4; ++i) {
    correct[i] += other.correct[i];
    total[i] += other.total[i];
  }
  hyp_len += other.hyp_len;
  ref_len += other.ref_len;
  return *this;
}

double Bleu::precision(int n) const {
  if (n < 1 || n > 4) throw Error("BLEU: precision of {}-grams was asked for; 1 to 4 are counted", n);
  const size_t i = static_cast<size_t>(n - 1);
  return total[i] == 0 ? 0.0 : static_cast<double>(correct[i]) / static_cast<double>(total[i]);
}

double Bleu::brevity_penalty() const {
  if (hyp_len == 0 || ref_len == 0) return 0.0;
  if (hyp_len >= ref_len) return 1.0;
  return std::exp(1.0 - static_cast<double>(ref_len) / static_cast<double>(hyp_len));
}

double Bleu::score(int order) const {
  double product = precision(order);
  for (int n = 1; n < order; ++n) product *= precision(n);
  return brevity_penalty() * std::pow(product, 1.0 / order);
}

double Bleu::smoothed() const {
  double product = precision(1);
  for (size_t n = 1; n < 4; ++n) product *= static_cast<double>(correct[n] + 1) / static_cast<double>(total[n] + 1);
  return brevity_penalty() * std::pow(product, 0.25);
}

std::string Bleu::line() const {
  // multi-bleu stops early, with whole zeros, when there is nothing to compare with.
  if (ref_len == 0) return "BLEU = 0, 0/0/0/0 (BP=0, ratio=0, hyp_len=0, ref_len=0)";
  return fmt::format("BLEU = {:.2f}, {:.1f}/{:.1f}/{:.1f}/{:.1f} (BP={:.3f}, ratio={:.3f}, hyp_len={}, ref_len={})",
                     100 * score(), 100 * precision(1), 100 * precision(2), 100 * precision(3), 100 * precision(4),
                     brevity_penalty(), static_cast<double>(hyp_len) / static_cast<double>(ref_len), hyp_len,
                     ref_len);
}

std::string Bleu::why_zero() const {
  if (ref_len == 0) return ", there is no word to compare with";
  if (correct[3] > 0) return "";  // and with it there are shorter ones
  if (hyp_len == 0) return ", no 4-gram matches: nothing was written";
  return total[3] > 0 ? ", no 4-gram matches" : ", no 4-gram matches: no sentence has 4 words";
}

Bleu corpus_bleu(const std::vector<std::string>& hypotheses, const std::vector<std::string>& references) {
  std::vector<std::vector<std::string>> lists;
  for (const std::string& reference : references) lists.push_back({reference});
  return corpus_bleu(hypotheses, lists);
}

Bleu corpus_bleu(const std::vector<std::string>& hypotheses,
                 const std::vector<std::vector<std::string>>& references) {
  if (hypotheses.size() != references.size()) {
    throw Error("BLEU: {} hypotheses, but references for {} sentences", hypotheses.size(), references.size());
  }
  Bleu bleu;
  for (size_t i = 0; i < hypotheses.size(); ++i) bleu.add(hypotheses[i], references[i]);
  return bleu;
}

}  // namespace heed::support
