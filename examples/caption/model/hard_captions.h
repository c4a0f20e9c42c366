// Hard attention's training of a captioner: its steps, as the estimators (support/hard/estimators.h) want them.
#pragma once

#include "examples/caption/model/captioner.h"
#include "examples/support/hard/estimators.h"

namespace heed::caption {

using support::Baselines, support::Earned, support::Estimator, support::estimators, support::HardDraw,
    support::HardLoss, support::HardOptions;
namespace estimate = support::estimate;

class CaptionRollout : public support::Rollout {
 public:
  // Encodes the pictures. Keeps references to all of these.
  CaptionRollout(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures, const LossOptions& with);

  void run(const Weigh& weigh) override;
  Tensor run_at_places(const Weigh& weigh, const Choose& choose) override;
  Tensor log_p() override;
  Tensor log_p_by_expectation(Rng* masks) const override;

 private:
  using Visit = std::function<void(const Tensor& scores, const State& before, int64_t first)>;
  void run(const Weigh& weigh, const Visit& visit);
  Tensor at_places(const Tensor& projected, const Tensor& places, const State& before, int64_t first) const;

  const Captioner& model_;
  const CaptionBatch& batch_;
  const LossOptions& with_;
  Encoded encoded_;
  Tensor vectors_;  // E y of the words before, [N, E]
  Captioner::Run steps_;
};

// Draws places from `random`, and who gets the expectation; `whole_batch` decides for Expectation::batch.
HardDraw draw_hard(const HardOptions& options, const CaptionBatch& batch, bool whole_batch, Rng& random);

// The estimate of options.estimator. Throws for a model without attention, or without the network that it
// needs.
HardLoss hard_loss(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures,
                   const HardOptions& options, const HardDraw& draw, const Baselines& baselines,
                   const LossOptions& with = {});

}  // namespace heed::caption
