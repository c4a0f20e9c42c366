#include "examples/translate/model/batch.h"

#include <algorithm>
#include <numeric>

#include "examples/support/training/pack_columns.h"

namespace heed::translate {

using support::pack_columns, support::pick_columns;

Batch pack_batch(const support::PairBatch& batch, int shard, int shards, int64_t copies) {
  const std::vector<int64_t> columns = support::shard_columns(batch.size, shard, shards, copies);
  std::vector<int64_t> order(columns.size());  // of the sources: place -> position among the targets
  std::iota(order.begin(), order.end(), 0);
  const std::vector<int64_t> lengths = pick_columns(batch.source_lengths, columns);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return lengths[static_cast<size_t>(a)] > lengths[static_cast<size_t>(b)];
  });

  Batch result;
  result.source = pack_columns(batch.source, batch.size, pick_columns(columns, order), pick_columns(lengths, order));
  if (!batch.target_lengths.empty()) {
    const std::vector<int64_t> target_lengths = pick_columns(batch.target_lengths, columns);
    result.target_in = pack_columns(batch.target_in, batch.size, columns, target_lengths);
    result.target_out = pack_columns(batch.target_out, batch.size, columns, target_lengths);
  }

  std::vector<int64_t> place(columns.size()), last;
  for (size_t p = 0; p < order.size(); ++p) place[static_cast<size_t>(order[p])] = static_cast<int64_t>(p);
  result.mask = attend_to(result.source, place);
  for (int64_t b = 0; b < result.mask->queries(); ++b)
    last.push_back(result.mask->row(b, result.mask->lengths[static_cast<size_t>(b)] - 1));
  result.source_place = Tensor::from(place);
  result.source_last = Tensor::from(last);
  return result;
}

Batch with_targets(const Batch& batch, const std::vector<int64_t>& about, const std::vector<support::Ids>& words) {
  Batch result;
  result.source = batch.source;
  const std::vector<int64_t> place = pick_columns(batch.source_place.to_ids(), about);
  result.source_place = Tensor::from(place);
  result.source_last = Tensor::from(pick_columns(batch.source_last.to_ids(), about));
  result.mask = attend_to(batch.source, place);
  if (words.empty()) return result;
  const support::PackedTargets packed = support::pack_targets(words);
  result.target_in = packed.in;
  result.target_out = packed.out;
  return result;
}

}  // namespace heed::translate
