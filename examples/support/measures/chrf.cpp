#include "examples/support/measures/chrf.h"

#include <algorithm>
#include <unordered_map>

#include "autograd/base/error.h"
#include "examples/support/text/text.h"

namespace heed::support {
namespace {

using Counts = std::unordered_map<std::string, int64_t>;

std::array<Counts, Chrf::orders> count_characters(const std::string& text) {
  std::string joined;
  for (const std::string& word : split_words(text)) joined += word;
  std::vector<size_t> starts;  // of the characters, and the end
  for (size_t i = 0; i < joined.size(); ++i)
    if ((static_cast<unsigned char>(joined[i]) & 0xC0) != 0x80) starts.push_back(i);
  const size_t characters = starts.size();
  starts.push_back(joined.size());
  std::array<Counts, Chrf::orders> counts;
  for (size_t n = 1; n <= Chrf::orders; ++n)
    for (size_t i = 0; i + n <= characters; ++i) ++counts[n - 1][joined.substr(starts[i], starts[i + n] - starts[i])];
  return counts;
}

int64_t total(const Counts& counts) {
  int64_t sum = 0;
  for (const auto& [ngram, count] : counts) sum += count;
  return sum;
}

Chrf compare(const std::array<Counts, Chrf::orders>& written, const std::array<Counts, Chrf::orders>& wanted) {
  Chrf chrf;
  for (size_t n = 0; n < Chrf::orders; ++n) {
    chrf.reference[n] = total(wanted[n]);
    chrf.hypothesis[n] = chrf.reference[n] ? total(written[n]) : 0;
    for (const auto& [ngram, count] : written[n])
      if (const auto found = wanted[n].find(ngram); found != wanted[n].end())
        chrf.matches[n] += std::min(count, found->second);
  }
  return chrf;
}

}  // namespace

void Chrf::add(const std::string& text, const std::vector<std::string>& references) {
  if (references.empty()) throw Error("chrF: a sentence has no reference: '{}'", text);
  const auto written = count_characters(text);
  Chrf best;
  double best_score = -1;
  for (const std::string& wanted : references) {
    const Chrf chrf = compare(written, count_characters(wanted));
    if (const double score = chrf.score(); score > best_score) {
      best_score = score;
      best = chrf;
    }
  }
  *this += best;
}

Chrf& Chrf::operator+=(const Chrf& other) {
  for (size_t n = 0; n < orders; ++n) {
    matches[n] += other.matches[n];
    hypothesis[n] += other.hypothesis[n];
    reference[n] += other.reference[n];
  }
  return *this;
}

double Chrf::score() const {
  double precision = 0, recall = 0;
  int64_t counted = 0;  // the n for which both sides have n-grams
  for (size_t n = 0; n < orders; ++n) {
    if (hypothesis[n] == 0 || reference[n] == 0) continue;
    precision += static_cast<double>(matches[n]) / static_cast<double>(hypothesis[n]);
    recall += static_cast<double>(matches[n]) / static_cast<double>(reference[n]);
    ++counted;
  }
  if (precision + recall == 0) return 0;
  precision /= static_cast<double>(counted);
  recall /= static_cast<double>(counted);
  constexpr double square = 2 * 2;
  return (1 + square) * precision * recall / (square * precision + recall);
}

Chrf corpus_chrf(const std::vector<std::string>& hypotheses,
                 const std::vector<std::vector<std::string>>& references) {
  if (hypotheses.size() != references.size())
    throw Error("chrF: {} hypotheses, but references for {} sentences", hypotheses.size(), references.size());
  Chrf chrf;
  for (size_t i = 0; i < hypotheses.size(); ++i) chrf.add(hypotheses[i], references[i]);
  return chrf;
}

}  // namespace heed::support
