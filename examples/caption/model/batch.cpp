#include "examples/caption/model/batch.h"

#include <unordered_map>

#include "examples/support/training/pack_columns.h"

namespace heed::caption {

CaptionBatch pack_captions(const support::PairBatch& batch, const std::vector<int64_t>& picture_of, int shard,
                           int shards, int64_t copies) {
  const std::vector<int64_t> columns = support::shard_columns(batch.size, shard, shards, copies);
  const std::vector<int64_t> lengths = support::pick_columns(batch.target_lengths, columns);
  CaptionBatch result;
  std::unordered_map<int64_t, int64_t> seen;
  for (const int64_t c : columns) {
    const int64_t picture = picture_of.at(batch.index[static_cast<size_t>(c)]);
    const auto [at, fresh] = seen.emplace(picture, static_cast<int64_t>(result.pictures.size()));
    if (fresh) result.pictures.push_back(picture);
    result.place.push_back(at->second);
  }
  result.in = support::pack_columns(batch.target_in, batch.size, columns, lengths);
  result.out = support::pack_columns(batch.target_out, batch.size, columns, lengths);
  return result;
}

CaptionBatch with_captions(const CaptionBatch& batch, const std::vector<int64_t>& about,
                           const std::vector<support::Ids>& words) {
  CaptionBatch result;
  result.pictures = batch.pictures;
  result.place = support::pick_columns(batch.place, about);
  if (words.empty()) return result;
  const support::PackedTargets packed = support::pack_targets(words);
  result.in = packed.in;
  result.out = packed.out;
  return result;
}

}  // namespace heed::caption
