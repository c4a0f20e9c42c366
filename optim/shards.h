// One minibatch, differentiated in pieces that run at the same time.
//
// The gradient of a sum is the sum of the gradients. So a minibatch is cut into a fixed number of shards;
// each is differentiated on a tape of its own, by whichever thread is free, into a flat buffer of its own,
// and the buffers are added in the order of the shards. Both the cut and the order are the same for any
// number of threads, and so is the result, to the bit. All of the work runs in parallel, small operations
// too, which no threaded BLAS achieves.
//
// The shards may also be dealt to several processes (ranks/ranks.h), each with threads of its own. Order and bits stay
// the same.
//
//     ThreadPool pool(2);
//     Shards shards(pool, parameters, 4);
//     for (...) {
//       ShardResult result = shards.gradients([&](int s) { return model.loss(batch.part(s)); }, true);
//       adam.step(result.gradients, clip_scale(result.norm, 1.0));
//     }
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "autograd/base/immutable.h"
#include "autograd/tape/parameters.h"
#include "autograd/tape/tape.h"
#include "optim/ranks/ranks.h"
#include "optim/thread_pool.h"

namespace heed {

struct ShardResult {
  Gradients gradients;             // of the sum of the losses, with a flat buffer
  double loss = 0;                 // the sum, in the order of the shards
  std::vector<double> losses;      // of each shard; 0 where there was nothing to do
  double norm = 0;                 // of the gradients (order 2, as norm() in clip.h), if it was asked for
  std::vector<std::string> notes;  // of the ranks, in their order
};

class Shards {
 public:
  // Keeps a flat buffer of gradients for each shard. The pool must outlive this. Every shard's tape is made
  // with `tape` (check_finite: find the operation that spoils the gradients). Throws if `count` is below one.
  // With `ranks`, which must outlive this too, each of them makes the same calls, and has its share of the shards.
  Shards(ThreadPool& pool, const Parameters& parameters, int count, TapeOptions tape = {}, Ranks* ranks = nullptr);

  int count() const { return static_cast<int>(buffers_.size()); }
  Share share() const { return share_; }  // the shards that are differentiated here

  // Gradients of loss(0) + .. + loss(count - 1). `loss` is called once for each shard, on several threads at
  // once and with a tape alive there: it may read the model, but must draw random numbers from a stream of
  // the shard's own. It gives a tensor of one number, scaled so that the losses add up to what is to be
  // minimised (a mean over the batch divides by the size of the whole batch), or an undefined tensor if there
  // is nothing in the shard. Products have the precision of the calling thread (base/precision.h). What it throws is rethrown here. Throws if a tape is alive in the calling
  // thread. The result may be kept: a buffer that somebody still holds is not used again. `note` is asked when the
  // shards are done, for what the ranks have to tell each other beside; the notes stand in the result of each.
  ShardResult gradients(const std::function<Tensor(int shard)>& loss, bool with_norm = false,
                        const std::function<std::string()>& note = {});

 private:
  void differentiate(int shard, const std::function<Tensor(int shard)>& loss);
  void exchange(const std::string& note, ShardResult& result);
  double add_up(Tensor& total, bool with_norm);
  template <class T>
  double add_up(T* total, int64_t numbers, bool with_norm);

  ThreadPool& pool_;
  Parameters parameters_;
  TapeOptions tape_;
  Ranks alone_;
  Ranks* ranks_;
  Share share_;
  std::unique_ptr<Immutable> in_common_;  // all shards multiply with the same weights
  std::vector<Tensor> buffers_;
  Tensor total_;  // of all ranks; in the first of them the first buffer takes its place
  std::vector<double> losses_;
  std::vector<char> used_;  // the shards that had something to do (not bool: threads write side by side)
};

// For a single call: a Shards object made, used and thrown away.
ShardResult sharded_gradients(ThreadPool& pool, const Parameters& parameters, int shards,
                              const std::function<Tensor(int shard)>& loss, bool with_norm = false);

}  // namespace heed
