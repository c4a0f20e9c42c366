// Hard attention's training of a translator: its steps, as the estimators (support/hard/estimators.h) want them.
//
// The place of a word is drawn from alpha, whatever score and window make it; the drawn annotation takes the context's
// place, also in the cell. What is drawn from are the logarithms of alpha: their softmax is alpha again, where a window
// weighs by a Gaussian (local-p) scaled to the sum 1.
#pragma once

#include "examples/support/hard/estimators.h"
#include "examples/translate/model/translator.h"

namespace heed::translate {

class TranslationRollout : public support::Rollout {
 public:
  // Encodes the sources. Keeps references to all of these.
  TranslationRollout(const Translator& model, const Batch& batch, const LossOptions& with);
  TranslationRollout(const Translator& model, Batch&& batch, const LossOptions& with) = delete;

  void run(const Weigh& weigh) override;
  Tensor run_at_places(const Weigh& weigh, const Choose& choose) override;
  Tensor log_p() override;
  Tensor log_p_by_expectation(Rng* masks) const override;

 private:
  struct Step {
    const Tensor& scores;
    const State& state;
    const AttentionMask& mask;
    int64_t first;
  };
  void run(const Weigh& weigh, const std::function<void(const Step&)>& visit);
  Tensor at_places(const Tensor& projected, const Step& step, const Tensor& places) const;

  const Translator& model_;
  const Batch& batch_;
  const LossOptions& with_;
  Encoded encoded_;
  DecoderInputs inputs_;
  Tensor vectors_;  // E y of the words before, [N, E]
  Tensor units_;    // of all steps that were run
};

// The estimate of options.estimator. Throws for a model with a fixed context, or without the network that it needs.
support::HardLoss hard_loss(const Translator& model, const Batch& batch, const support::HardOptions& options,
                            const support::HardDraw& draw, const support::Baselines& baselines,
                            const LossOptions& with = {});

}  // namespace heed::translate
