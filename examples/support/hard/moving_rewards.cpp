#include "examples/support/hard/moving_rewards.h"

#include "nn/attention/hard_attention.h"

namespace heed::support {

Baselines baselines_of(const Tensor& moving) {
  const double* means = moving.data<double>();
  return {.caption = means[0], .word = means[1]};
}

void MovingRewards::move(Tensor& moving) const {
  Earned all;
  for (const Earned& part : earned_) all += part;
  if (all.captions == 0) return;
  const Baselines before = baselines_of(moving);
  MovingBaseline caption{.rho = 0.9, .value = before.caption}, word{.rho = 0.9, .value = before.word};
  double* means = moving.mutable_data<double>();
  means[0] = caption.update(all.rewards.caption / static_cast<double>(all.captions));
  means[1] = word.update(all.rewards.word / static_cast<double>(all.words));
}

}  // namespace heed::support
