#include "examples/support/training/forecast/forecast.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/base/memory.h"
#include "autograd/check/cost.h"
#include "optim/shards.h"

namespace heed::support {
namespace {

int64_t longest_batch(Task& task) {
  const int64_t batches = task.begin_epoch(1);
  int64_t longest = 0;
  for (int64_t batch = 1; batch < batches; ++batch)
    if (task.tokens(batch) > task.tokens(longest)) longest = batch;
  return longest;
}

// The shards that run at the same time have their memory at the same time.
int64_t most_at_once(std::vector<int64_t> shards, int threads) {
  std::sort(shards.rbegin(), shards.rend());
  int64_t sum = 0;
  for (size_t s = 0; s < std::min(shards.size(), static_cast<size_t>(threads)); ++s) sum += shards[s];
  return sum;
}

}  // namespace

std::string forecast(Task& task, const TrainingOptions& options) {
  // All that a training has in use while it computes a step.
  const Parameters parameters(task.model());
  ThreadPool pool(1);
  const Shards buffers(pool, parameters, options.shards);
  const auto optimizer = make_optimizer(options.optimizer, parameters, options.learning_rate, options.weight_decay);
  const int64_t batch = longest_batch(task), before = memory::live_bytes();
  Cost step;
  std::vector<int64_t> shards;
  for (int shard = 0; shard < options.shards; ++shard) {
    Rng random = Rng(options.seed).split(static_cast<uint64_t>(shard));
    Tape tape;
    const Tensor loss = task.loss(batch, shard, options.shards, random);
    if (!loss) continue;
    const Cost cost = cost_of(tape, loss, parameters, true);
    shards.push_back(cost.bytes_peak - before);
    step += cost;
  }
  step.bytes_now = before;
  step.bytes_peak = before + most_at_once(shards, options.threads);
  return fmt::format("{}its batch has {} target words, in {} shards on {} threads; {} parameters, optimizer {}\n",
                     step.table(), task.tokens(batch), options.shards, options.threads, parameters.count(),
                     options.optimizer);
}

}  // namespace heed::support
