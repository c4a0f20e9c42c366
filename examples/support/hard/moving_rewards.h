// The moving means of rewards over a training with hard attention (below Xu et al. (12)).
#pragma once

#include <string>
#include <vector>

#include "autograd/base/rng.h"
#include "examples/support/hard/rewards.h"
#include "optim/ranks/ranks.h"

namespace heed::support {

// The means as a model keeps them, f64 [2]: of a text, and of a word.
Baselines baselines_of(const Tensor& moving);

// Collects what the shards of a minibatch earned.
class MovingRewards {
 public:
  explicit MovingRewards(int shards) : earned_(static_cast<size_t>(shards)) {}
  Earned& of(int shard) { return earned_[static_cast<size_t>(shard)]; }
  // What these shards earned, as bytes for another process, and back.
  std::string tell(Share shards) const;
  void hear(Share shards, const std::string& told);
  // After the minibatch: moves the means on.
  void move(Tensor& moving) const;

 private:
  std::vector<Earned> earned_;
};

// What all shards of a minibatch must agree on is drawn from here.
inline Rng stream_of_batch(uint64_t seed, int64_t epoch, int64_t batch) {
  return Rng(seed).split(0x62617463).split(static_cast<uint64_t>(epoch)).split(static_cast<uint64_t>(batch));
}

}  // namespace heed::support
