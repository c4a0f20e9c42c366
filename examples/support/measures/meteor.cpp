#include "examples/support/measures/meteor.h"

#include <algorithm>
#include <cmath>
#include <compare>
#include <cstdlib>
#include <map>
#include <tuple>

#include "examples/support/measures/scored_text.h"
#include "examples/support/measures/stemmer.h"

namespace heed::support {
namespace {

struct Match {
  size_t position = 0;  // in the reference
  bool exact = false;
};

// What an alignment is worth; the larger the better, in this order.
struct Worth {
  int64_t matches = 0, minus_chunks = 0, exact = 0, minus_distance = 0;
  auto operator<=>(const Worth&) const = default;
};

// What the rest of an alignment depends on: which words of the reference are taken, of those that later words
// could still want, and where the word before was matched.
struct Situation {
  std::vector<bool> taken;
  std::ptrdiff_t last = -1;  // -1: nowhere
  bool operator<(const Situation& other) const { return std::tie(taken, last) < std::tie(other.taken, other.last); }
};

using Beam = std::map<Situation, Worth>;

void offer(Beam& beam, Situation situation, const Worth& worth) {
  const auto [at, is_new] = beam.try_emplace(std::move(situation), worth);
  if (!is_new) at->second = std::max(at->second, worth);
}

// The words that repeat make the situations many; real sentences stay far below the limit, so that their
// alignments are the best that there are.
void prune(Beam& beam) {
  constexpr size_t limit = 200;
  if (beam.size() <= limit) return;
  std::vector<Beam::iterator> order;
  for (auto at = beam.begin(); at != beam.end(); ++at) order.push_back(at);
  std::stable_sort(order.begin(), order.end(), [](auto a, auto b) { return a->second > b->second; });
  for (size_t i = limit; i < order.size(); ++i) beam.erase(order[i]);
}

// For each word of the hypothesis, what it could be matched with.
std::vector<std::vector<Match>> possible_matches(const Words& hypothesis, const Words& reference,
                                                 const Stemmer& stemmer) {
  Words stems;
  for (const std::string& word : reference) stems.push_back(stemmer(word));
  std::vector<std::vector<Match>> possible(hypothesis.size());
  for (size_t i = 0; i < hypothesis.size(); ++i) {
    const std::string stem = stemmer(hypothesis[i]);
    for (size_t j = 0; j < reference.size(); ++j) {
      const bool exact = hypothesis[i] == reference[j];
      if (exact || stem == stems[j]) possible[i].push_back({j, exact});
    }
  }
  return possible;
}

Worth best_alignment(const Words& hypothesis, const Words& reference, const Stemmer& stemmer) {
  const auto possible = possible_matches(hypothesis, reference, stemmer);
  std::vector<size_t> wanted_until(reference.size());
  for (size_t i = 0; i < possible.size(); ++i) {
    for (const Match& match : possible[i]) wanted_until[match.position] = i;
  }
  Beam beam = {{{std::vector<bool>(reference.size()), -1}, {}}};
  for (size_t i = 0; i < possible.size(); ++i) {
    Beam next;
    const auto go_on = [&](Situation situation, const Worth& worth) {
      for (const Match& match : possible[i]) {
        if (wanted_until[match.position] == i) situation.taken[match.position] = false;
      }
      offer(next, std::move(situation), worth);
    };
    for (const auto& [situation, worth] : beam) {
      go_on({situation.taken, -1}, worth);
      for (const auto& [j, exact] : possible[i]) {
        if (situation.taken[j]) continue;
        Situation then{situation.taken, static_cast<std::ptrdiff_t>(j)};
        then.taken[j] = true;
        Worth more = worth;
        ++more.matches;
        more.minus_chunks -= situation.last < 0 || then.last != situation.last + 1;
        more.exact += exact;
        more.minus_distance -= std::abs(then.last - static_cast<std::ptrdiff_t>(i));
        go_on(std::move(then), more);
      }
    }
    prune(next);
    beam = std::move(next);
  }
  Worth best = beam.begin()->second;
  for (const auto& [situation, worth] : beam) best = std::max(best, worth);
  return best;
}

Meteor sentence_meteor(const Words& hypothesis, const Words& reference, const Stemmer& stemmer) {
  const Worth worth = best_alignment(hypothesis, reference, stemmer);
  Meteor meteor;
  meteor.exact = worth.exact;
  meteor.stem = worth.matches - worth.exact;
  meteor.hyp_len = static_cast<int64_t>(hypothesis.size());
  meteor.ref_len = static_cast<int64_t>(reference.size());
  const bool perfect = worth.matches == meteor.hyp_len && worth.matches == meteor.ref_len && worth.minus_chunks == -1;
  meteor.chunks = perfect ? 0 : -worth.minus_chunks;
  return meteor;
}

// Ties are settled by more than the score, so that the order of the references does not matter.
auto rank(const Meteor& meteor) {
  return std::tuple(meteor.score(), meteor.exact, meteor.stem, -meteor.ref_len, -meteor.chunks);
}

}  // namespace

double Meteor::score() const {
  constexpr double alpha = 0.85, beta = 0.2, gamma = 0.6, stem_weight = 0.6;
  const int64_t matches = exact + stem;
  if (matches == 0) return 0;
  const double weight = static_cast<double>(exact) + stem_weight * static_cast<double>(stem);
  const double precision = weight / static_cast<double>(hyp_len);
  const double recall = weight / static_cast<double>(ref_len);
  const double mean = precision * recall / (alpha * precision + (1 - alpha) * recall);
  const double fragmentation = static_cast<double>(chunks) / static_cast<double>(matches);
  return mean * (1 - gamma * std::pow(fragmentation, beta));
}

Meteor corpus_meteor(const std::vector<std::string>& hypotheses,
                     const std::vector<std::vector<std::string>>& references) {
  const Stemmer stemmer;
  Meteor sum;
  for (const ScoredSentence& sentence : split_sentences("METEOR", hypotheses, references)) {
    std::vector<Meteor> scored;
    for (const Words& reference : sentence.references) {
      scored.push_back(sentence_meteor(sentence.hypothesis, reference, stemmer));
    }
    const Meteor best = *std::max_element(scored.begin(), scored.end(),
                                          [](const Meteor& a, const Meteor& b) { return rank(a) < rank(b); });
    sum.exact += best.exact;
    sum.stem += best.stem;
    sum.chunks += best.chunks;
    sum.hyp_len += best.hyp_len;
    sum.ref_len += best.ref_len;
  }
  return sum;
}

}  // namespace heed::support
