#include "examples/support/measures/alignment_error.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "autograd/base/error.h"

namespace heed::support {
namespace {

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : std::numeric_limits<double>::quiet_NaN();
}
double ratio(int64_t part, int64_t whole) { return ratio(static_cast<double>(part), static_cast<double>(whole)); }

const WordLink* find(const WordLinks& links, size_t source, size_t target) {
  const auto found = std::find_if(links.begin(), links.end(), [&](const WordLink& link) {
    return link.source == static_cast<int64_t>(source) && link.target == static_cast<int64_t>(target);
  });
  return found == links.end() ? nullptr : &*found;
}

double sum_of(const SoftAlignment& alignment, size_t target) {
  double sum = 0;
  for (size_t j = 0; j < alignment.columns; ++j) sum += static_cast<double>(alignment.weight(target, j));
  return sum;
}

double entropy_of(const SoftAlignment& alignment, size_t target, double sum) {
  double entropy = 0;
  for (size_t j = 0; j < alignment.columns; ++j) {
    const double p = static_cast<double>(alignment.weight(target, j)) / sum;
    if (p > 0) entropy -= p * std::log(p);
  }
  return entropy;
}

}  // namespace

WordLinks links_of(const SoftAlignment& alignment) {
  WordLinks links;
  for (size_t i = 0; i < alignment.target_words.size(); ++i) {
    size_t best = 0;
    for (size_t j = 0; j < alignment.columns; ++j) {
      if (std::isnan(alignment.weight(i, j)))
        throw Error("alignment: a weight is NaN; the model's training has diverged");
      if (alignment.weight(i, j) > alignment.weight(i, best)) best = j;
    }
    if (best >= alignment.source_words.size() || alignment.weight(i, best) <= 0) continue;
    links.push_back(
        {static_cast<int64_t>(alignment.source_words[best]), static_cast<int64_t>(alignment.target_words[i]), true});
  }
  return tidied(std::move(links));
}

void AlignmentScore::add(const SoftAlignment& alignment, const WordLinks& gold) {
  if (gold.empty()) return;
  ++sentences;
  for (const WordLink& link : gold) sure += link.sure;
  for (const WordLink& link : links_of(alignment)) {
    const WordLink* right_one = find(gold, static_cast<size_t>(link.source), static_cast<size_t>(link.target));
    ++found;
    found_possible += right_one != nullptr;
    found_sure += right_one != nullptr && right_one->sure;
  }
  for (size_t i = 0; i < alignment.target_words.size(); ++i) {
    const size_t word = alignment.target_words[i];
    const double sum = sum_of(alignment, i);
    ++tokens;
    if (sum > 0) entropy += entropy_of(alignment, i, sum);
    const bool linked = std::any_of(gold.begin(), gold.end(),
                                    [&](const WordLink& link) { return link.target == static_cast<int64_t>(word); });
    if (!linked) continue;
    weight += sum;
    for (size_t j = 0; j < alignment.source_words.size(); ++j)
      if (find(gold, alignment.source_words[j], word)) right += static_cast<double>(alignment.weight(i, j));
  }
}

AlignmentScore& AlignmentScore::operator+=(const AlignmentScore& other) {
  found += other.found;
  found_sure += other.found_sure;
  found_possible += other.found_possible;
  sure += other.sure;
  right += other.right;
  weight += other.weight;
  entropy += other.entropy;
  tokens += other.tokens;
  sentences += other.sentences;
  return *this;
}

double AlignmentScore::error_rate() const { return 1 - ratio(found_sure + found_possible, found + sure); }
double AlignmentScore::precision() const { return ratio(found_possible, found); }
double AlignmentScore::recall() const { return ratio(found_sure, sure); }
double AlignmentScore::right_share() const { return ratio(right, weight); }
double AlignmentScore::mean_entropy() const { return ratio(entropy, static_cast<double>(tokens)); }

}  // namespace heed::support
