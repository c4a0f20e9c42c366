#include "examples/support/hard/rewards.h"

namespace heed::support {
namespace {

// Calls use(row, caption) for every word, the last words first; rows are in packed order.
template <class Use>
void each_word(const Packed& words, Use use) {
  auto row = static_cast<size_t>(words.rows.size(0));
  for (size_t t = words.active.size(); t-- > 0;)
    for (auto b = static_cast<size_t>(words.active[t]); b-- > 0;) use(--row, b);
}

// The discounted return of every word: what the words from its own on are worth, or from the next one on.
std::vector<double> returns(const RewardRule& rule, const Packed& words, const std::vector<double>& worth) {
  std::vector<double> result(worth.size()), later(static_cast<size_t>(words.batch()), 0);
  each_word(words, [&](size_t row, size_t b) {
    later[b] *= rule.discount;
    result[row] = rule.own_word ? later[b] + worth[row] : later[b];
    later[b] += worth[row];
  });
  return result;
}

// The sum or the mean of each caption's words.
std::vector<double> rewards_of_captions(const RewardRule& rule, const Packed& words,
                                        const std::vector<double>& log_p) {
  std::vector<double> total(static_cast<size_t>(words.batch()), 0);
  each_word(words, [&](size_t row, size_t b) { total[b] += log_p[row]; });
  if (rule.reward != Reward::mean) return total;
  const std::vector<int64_t> lengths = words.lengths();
  for (size_t b = 0; b < total.size(); ++b) total[b] /= static_cast<double>(lengths[b]);
  return total;
}

}  // namespace

Earned& Earned::operator+=(const Earned& other) {
  rewards.caption += other.rewards.caption;
  rewards.word += other.rewards.word;
  captions += other.captions;
  words += other.words;
  return *this;
}

std::vector<double> rewards_of(const RewardRule& rule, const Packed& words, const std::vector<double>& log_p) {
  if (rule.by_word()) return returns(rule, words, log_p);
  const std::vector<double> of_captions = rewards_of_captions(rule, words, log_p);
  std::vector<double> shared(log_p.size());
  each_word(words, [&](size_t row, size_t b) { shared[row] = of_captions[b]; });
  return shared;
}

std::vector<double> baselines_of(const RewardRule& rule, const Packed& words, const Baselines& past) {
  const auto count = static_cast<size_t>(words.rows.size(0));
  if (rule.by_word()) return returns(rule, words, std::vector<double>(count, past.word));
  return std::vector<double>(count, past.caption);
}

Earned earned_by(const RewardRule& rule, const Packed& words, const std::vector<double>& log_p,
                 const std::vector<bool>& expected) {
  const std::vector<double> of_captions = rewards_of_captions(rule, words, log_p);
  const std::vector<double> sums = rewards_of_captions({.reward = Reward::sum}, words, log_p);
  const std::vector<int64_t> lengths = words.lengths();
  Earned earned;
  for (size_t b = 0; b < sums.size(); ++b)
    if (expected.empty() || !expected[b]) earned += {{of_captions[b], sums[b]}, 1, lengths[b]};
  return earned;
}

}  // namespace heed::support
