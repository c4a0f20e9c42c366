// What a score is: how well a query fits each annotation. Large means attend here.
//
//     Tensor prepare(const Tensor& annotations) const;     // [N, C] -> keys [N, K], once for a batch of sentences
//     Tensor operator()(const Tensor& query, const Tensor& keys, const SharedMask& mask) const;
//                                                          // [n, Q], [N, K] -> scores [n, W], at every step
//     void parts(auto& visit);
//     int64_t reach() const;                               // may be left out: positions from here on are not looked at
//
// Scores are finite everywhere, also at positions that the mask leaves out, where they count nothing: dot_scores and
// additive_scores (rows/row_scores.h), of which scores are made, give 0 there. A score that can be chosen by name
// (choices.h) is made by  Score(const ScoreSizes&, Rng&).
#pragma once

#include <any>
#include <limits>

#include "autograd/base/choice.h"
#include "autograd/base/rng.h"
#include "autograd/tape/parameters.h"
#include "nn/attention/rows/attention_mask.h"

namespace heed {

struct ScoreSizes {
  int64_t query = 0, annotation = 0;  // Q, C
  int64_t hidden = 0;                 // A, of a score with a hidden layer
  int64_t max_length = 0;             // S at most, of a score that has a weight for each position
  bool bias = false;                  // of the hidden layer
};

constexpr int64_t unlimited_reach = std::numeric_limits<int64_t>::max();
template <class Score>
int64_t reach_of(const Score& score) {
  if constexpr (requires { score.reach(); }) return score.reach();
  else return unlimited_reach;
}

// Any score, chosen while the program runs. Copied like the score that it holds.
class AnyScore {
 public:
  AnyScore() = default;  // none
  template <class Score>
  requires(!std::is_same_v<Score, AnyScore>) AnyScore(Score score)
      : score_(std::move(score)),
        prepare_([](const std::any& s, const Tensor& h) { return std::any_cast<const Score&>(s).prepare(h); }),
        call_([](const std::any& s, const Tensor& q, const Tensor& k, const SharedMask& mask) {
          return std::any_cast<const Score&>(s)(q, k, mask);
        }),
        reach_([](const std::any& s) { return reach_of(std::any_cast<const Score&>(s)); }),
        parts_([](std::any& s, PartVisitor& visit) { std::any_cast<Score&>(s).parts(visit); }) {}

  Tensor prepare(const Tensor& annotations) const { return check(), prepare_(score_, annotations); }
  Tensor operator()(const Tensor& query, const Tensor& keys, const SharedMask& mask) const {
    return check(), call_(score_, query, keys, mask);
  }
  int64_t reach() const { return reach_ ? reach_(score_) : unlimited_reach; }
  void parts(PartVisitor& visit) {
    if (parts_) parts_(score_, visit);
  }

 private:
  void check() const {
    if (!call_) throw Error("AnyScore: there is no score in it; make it of one, an AdditiveScore for instance");
  }

  std::any score_;
  Tensor (*prepare_)(const std::any&, const Tensor&) = nullptr;
  Tensor (*call_)(const std::any&, const Tensor&, const Tensor&, const SharedMask&) = nullptr;
  int64_t (*reach_)(const std::any&) = nullptr;
  void (*parts_)(std::any&, PartVisitor&) = nullptr;
};

using ScoreChoice = Choice<AnyScore (*)(const ScoreSizes&, Rng&)>;
template <class Score>
AnyScore make_score(const ScoreSizes& sizes, Rng& rng) {
  return Score(sizes, rng);
}

}  // namespace heed
