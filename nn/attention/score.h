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

#include "autograd/base/choice.h"
#include "autograd/base/copyable.h"
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

// Any score, chosen while the program runs.
class AnyScore {
 public:
  AnyScore() = default;  // none
  template <class Score>
    requires(!std::is_same_v<Score, AnyScore>)
  AnyScore(Score score) : score_(std::make_unique<Holder<Score>>(std::move(score))) {}

  Tensor prepare(const Tensor& annotations) const { return score_->prepare(annotations); }
  Tensor operator()(const Tensor& query, const Tensor& keys, const SharedMask& mask) const {
    return score_->score(query, keys, mask);
  }
  void parts(detail::Visitor& visit) {
    if (score_) score_->parts(visit);
  }
  // The score itself if it is of this type, else null.
  template <class Score>
  const Score* get_if() const {
    const auto* holder = dynamic_cast<const Holder<Score>*>(score_.get());
    return holder ? &holder->value : nullptr;
  }

 private:
  struct Interface {
    virtual ~Interface() = default;
    virtual std::unique_ptr<Interface> clone() const = 0;
    virtual Tensor prepare(const Tensor& annotations) const = 0;
    virtual Tensor score(const Tensor& query, const Tensor& keys, const SharedMask& mask) const = 0;
    virtual void parts(detail::Visitor& visit) = 0;
  };
  template <class Score>
  struct Holder final : Interface {
    Score value;
    explicit Holder(Score score) : value(std::move(score)) {}
    std::unique_ptr<Interface> clone() const override { return std::make_unique<Holder>(value); }
    Tensor prepare(const Tensor& annotations) const override { return value.prepare(annotations); }
    Tensor score(const Tensor& query, const Tensor& keys, const SharedMask& mask) const override {
      return value(query, keys, mask);
    }
    void parts(detail::Visitor& visit) override { value.parts(visit); }
  };
  Copyable<Interface> score_;
};

using ScoreChoice = Choice<AnyScore (*)(const ScoreSizes&, Rng&)>;
template <class Score>
AnyScore make_score(const ScoreSizes& sizes, Rng& rng) {
  return Score(sizes, rng);
}

}  // namespace heed
