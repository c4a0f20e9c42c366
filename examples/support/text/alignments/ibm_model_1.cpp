#include "examples/support/text/alignments/ibm_model_1.h"

#include <algorithm>

#include "autograd/base/error.h"

namespace heed::support {
namespace {

bool before(const auto& entry, int64_t target) { return entry.target < target; }

auto find(auto& row, int64_t target) {
  return std::lower_bound(row.begin(), row.end(), target, [](const auto& e, int64_t t) { return before(e, t); });
}

}  // namespace

IbmModel1::IbmModel1(const Sentences& sources, const Sentences& targets, int64_t source_words, int iterations)
    : rows_(static_cast<size_t>(source_words) + 1) {
  if (sources.size() != targets.size())
    throw Error("IBM model 1: {} sources and {} targets make no pairs", sources.size(), targets.size());
  const auto with_null = [&](std::vector<int64_t> words) {
    words.push_back(null_word());
    return words;
  };
  for (size_t i = 0; i < sources.size(); ++i)
    for (const int64_t word : with_null(sources[i])) note(word, targets[i]);
  maximise();
  for (int round = 0; round < iterations; ++round) {
    for (size_t i = 0; i < sources.size(); ++i) expect(with_null(sources[i]), targets[i]);
    maximise();
  }
}

// Every target that a source word has met is counted once: so t begins.
void IbmModel1::note(int64_t source, const std::vector<int64_t>& targets) {
  Row& row = rows_.at(static_cast<size_t>(source));
  for (const int64_t target : targets) {
    const auto at = find(row, target);
    if (at == row.end() || at->target != target) row.insert(at, {static_cast<int32_t>(target), 0, 1});
  }
}

void IbmModel1::expect(const std::vector<int64_t>& source, const std::vector<int64_t>& target) {
  std::vector<Entry*> met(source.size());
  for (const int64_t word : target) {
    float sum = 0;
    for (size_t i = 0; i < source.size(); ++i) {
      met[i] = &*find(rows_[static_cast<size_t>(source[i])], word);
      sum += met[i]->t;
    }
    for (Entry* entry : met) entry->count += entry->t / sum;
  }
}

void IbmModel1::maximise() {
  for (Row& row : rows_) {
    double sum = 0;
    for (const Entry& entry : row) sum += static_cast<double>(entry.count);
    for (Entry& entry : row) {
      entry.t = sum > 0 ? static_cast<float>(static_cast<double>(entry.count) / sum) : 0;
      entry.count = 0;
    }
  }
}

double IbmModel1::probability(int64_t source, int64_t target) const {
  const Row& row = rows_.at(static_cast<size_t>(source));
  const auto at = find(row, target);
  return at == row.end() || at->target != target ? 0 : static_cast<double>(at->t);
}

std::vector<int64_t> IbmModel1::likeliest(int64_t source, size_t most) const {
  Row row = rows_.at(static_cast<size_t>(source));
  most = std::min(most, row.size());
  std::partial_sort(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(most), row.end(),
                    [](const Entry& a, const Entry& b) { return a.t != b.t ? a.t > b.t : a.target < b.target; });
  std::vector<int64_t> found;
  for (size_t i = 0; i < most; ++i) found.push_back(row[i].target);
  return found;
}

}  // namespace heed::support
