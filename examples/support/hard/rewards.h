// Rewards of hard attention: R, what the words of a caption earn the places that they were read from, and b,
// the moving means of past rewards (Xu et al. 4.1).
#pragma once

#include <vector>

#include "examples/support/hard/choices.h"
#include "nn/recurrent/packed.h"

namespace heed::support {

// Which words count for a place.
struct RewardRule {
  Reward reward = Reward::sum;
  // Of a reward by word: how much each later word counts of the one before it. With 0 a place answers for its
  // own word alone; below 1 there is bias, since places are not told all that they did, and far less noise.
  double discount = 1;
  bool own_word = true;  // whether a place's own word counts, too; if not, the reward is by word

  // Whether each word has a reward of its own, or all of a caption have one.
  bool by_word() const { return reward == Reward::future || !own_word; }
};

// The moving means of past rewards of drawn captions: of a caption's log p (for Reward::mean their mean over
// its words), and of one word's, where each word has a reward of its own. For the self-critical estimator of
// what remains of them after R'.
struct Baselines {
  double caption = 0, word = 0;
};

// What the captions that drew their places earned.
struct Earned {
  Baselines rewards;  // summed over these captions, and over their words
  int64_t captions = 0, words = 0;

  Earned& operator+=(const Earned& other);
};

// R of every word's place, [N], given what every word is worth, log p [N]. All are in packed order.
std::vector<double> rewards_of(const RewardRule& rule, const Packed& words, const std::vector<double>& log_p);

// b of every word's place, [N]: the mean for each of the words that its reward counts.
std::vector<double> baselines_of(const RewardRule& rule, const Packed& words, const Baselines& past);

// `expected` [B]: captions whose places were not drawn, which count nothing; empty: none.
Earned earned_by(const RewardRule& rule, const Packed& words, const std::vector<double>& log_p,
                 const std::vector<bool>& expected);

}  // namespace heed::support
