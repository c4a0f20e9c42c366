// A minibatch of captions as the captioner eats it: packed, so that nothing is computed for padding.
//
// Captions stand longest first. Several of them may describe one picture; its annotations are there once.
#pragma once

#include <vector>

#include "examples/support/training/batches.h"
#include "nn/recurrent/packed.h"

namespace heed::caption {

struct CaptionBatch {
  std::vector<int64_t> pictures;  // numbers of the pictures to look at, each once
  std::vector<int64_t> place;     // [B]: which of them caption b describes, as an index into `pictures`
  Packed in;                      // <s> y_1 .. y_T,  rows i64 [N]
  Packed out;                     // y_1 .. y_T </s>
  int64_t size() const { return static_cast<int64_t>(place.size()); }
};

// The captions of those pictures of `batch` with number shard, shard + shards, ..: all that one picture has there, so
// that it is looked at once. picture_of[i] is the picture of sentence i of the corpus. A shard may be empty. Each
// caption is there `copies` times, one after the other, at every step.
CaptionBatch pack_captions(const support::PairBatch& batch, const std::vector<int64_t>& picture_of, int shard = 0,
                           int shards = 1, int64_t copies = 1);

// Other captions of the same pictures: caption b describes the picture of caption about[b] of `batch`. `words` are
// without <s> and </s>, the longest first; or none, for what is still to be written.
CaptionBatch with_captions(const CaptionBatch& batch, const std::vector<int64_t>& about,
                           const std::vector<support::Ids>& words = {});

// The batches of one epoch in which all captions of a picture stand together: pictures in random order, so many that
// their captions are at most options.batch_size (one with more is a batch alone). Captions with more words than
// options.max_length are left out. A function of the arguments alone. Throws if none is left.
support::Batches batches_of_pictures(const std::vector<support::Ids>& captions,
                                     const std::vector<int64_t>& picture_of, const support::BatchOptions& options,
                                     uint64_t seed, uint64_t epoch);

}  // namespace heed::caption
