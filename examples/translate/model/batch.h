// A minibatch as the translator eats it: packed, so that nothing is computed for padding.
//
// Sentences are sorted by length, longest first; step t then concerns the first active[t] of them, and all
// words stand one step after the other in one long row of ids. Source and target have different lengths,
// hence two orders: `mask` and `source_place` lead from a sentence's place among the targets to its rows
// among the annotations.
#pragma once

#include <memory>
#include <vector>

#include "autograd/base/tensor.h"
#include "examples/support/training/batches.h"
#include "nn/attention/rows/attention_mask.h"
#include "nn/recurrent/packed.h"

namespace heed::translate {

struct Batch {
  Packed source;        // rows: i64 [N]
  Tensor source_place;  // i64 [B]: where target sentence b stands among the sources
  Tensor source_last;   // i64 [B]: the packed row of its last word
  SharedMask mask;      // its rows among the annotations
  Packed target_in;     // <s> y_1 .. y_T
  Packed target_out;    // y_1 .. y_T </s>
  int64_t size() const { return source_place.numel(); }
};

// The sentences of `batch` with number shard, shard + shards, shard + 2 shards, ..: equal shares of long and
// short ones. Without targets (translation) target_in and target_out are empty. A shard may be empty. Each sentence is
// there `copies` times, one after the other, at every step.
Batch pack_batch(const support::PairBatch& batch, int shard = 0, int shards = 1, int64_t copies = 1);

// The same sources with other targets: target b is about the source of target about[b] of `batch`. `words` are without
// <s> and </s>, the longest first; or none, for what is still to be written.
Batch with_targets(const Batch& batch, const std::vector<int64_t>& about,
                   const std::vector<support::Ids>& words = {});

}  // namespace heed::translate
