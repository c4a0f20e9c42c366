#include "examples/support/hard/moving_rewards.h"

#include <cstring>
#include <type_traits>

#include "autograd/base/error.h"
#include "nn/attention/hard_attention.h"

namespace heed::support {

Baselines baselines_of(const Tensor& moving) {
  const double* means = moving.data<double>();
  return {.caption = means[0], .word = means[1]};
}

std::string MovingRewards::tell(Share shards) const {
  const auto* const first = reinterpret_cast<const char*>(earned_.data());
  return {first + sizeof(Earned) * static_cast<size_t>(shards.begin),
          first + sizeof(Earned) * static_cast<size_t>(shards.end)};
}

void MovingRewards::hear(Share shards, const std::string& told) {
  static_assert(std::is_trivially_copyable_v<Earned>);
  if (told.size() != sizeof(Earned) * static_cast<size_t>(shards.end - shards.begin))
    throw Error("hard attention: another rank has told of {} bytes of rewards, not of its shards'", told.size());
  if (!told.empty()) std::memcpy(earned_.data() + shards.begin, told.data(), told.size());
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
