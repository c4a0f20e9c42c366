// What a score is: how well a query fits each annotation. Large means attend here.
//
//     Tensor prepare(const Tensor& annotations) const;     // [N, C] -> keys [N, K], once for a batch of sentences
//     Tensor operator()(const Tensor& query, const Tensor& keys, const SharedMask& mask) const;
//                                                          // [n, Q], [N, K] -> scores [n, S], at every step
//     void parts(auto& visit);
//
// Scores are finite everywhere, also at positions that the mask leaves out, where they count nothing: dot_scores and
// additive_scores (rows/row_scores.h), of which scores are made, give 0 there. A score that can be chosen by name
// (choices.h) is made by  Score(const ScoreSizes&, Rng&).
#pragma once

#include <any>

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

// Any score, chosen while the program runs. Copied like the score that it holds.
class AnyScore {
 public:
  AnyScore() = default;  // none
  template <class Score>
    requires(!std::is_same_v<Score, AnyScore>)
  AnyScore(Score score)
      : score_(std::move(score)),
        prepare_([](const std::any& s, const Tensor& h) { return std::any_cast<const Score&>(s).prepare(h); }),
        call_([](const std::any& s, const Tensor& q, const Tensor& k, const SharedMask& mask) {
          return std::any_cast<const Score&>(s)(q, k, mask);
        }),
        parts_([](std::any& s, PartVisitor& visit) { std::any_cast<Score&>(s).parts(visit); }) {}

  Tensor prepare(const Tensor& annotations) const { return prepare_(score_, annotations); }
  Tensor operator()(const Tensor& query, const Tensor& keys, const SharedMask& mask) const {
    return call_(score_, query, keys, mask);
  }
  void parts(PartVisitor& visit) {
    if (parts_) parts_(score_, visit);
  }

 private:
  std::any score_;
  Tensor (*prepare_)(const std::any&, const Tensor&) = nullptr;
  Tensor (*call_)(const std::any&, const Tensor&, const Tensor&, const SharedMask&) = nullptr;
  void (*parts_)(std::any&, PartVisitor&) = nullptr;
};

using ScoreChoice = Choice<AnyScore (*)(const ScoreSizes&, Rng&)>;
template <class Score>
AnyScore make_score(const ScoreSizes& sizes, Rng& rng) {
  return Score(sizes, rng);
}

}  // namespace heed
