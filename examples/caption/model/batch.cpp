#include "examples/caption/model/batch.h"

#include <unordered_map>

#include "examples/support/text/splitmix.h"
#include "examples/support/training/pack_columns.h"

namespace heed::caption {

CaptionBatch pack_captions(const support::PairBatch& batch, const std::vector<int64_t>& picture_of, int shard,
                           int shards, int64_t copies) {
  support::Ids columns;
  CaptionBatch result;
  std::unordered_map<int64_t, int64_t> seen;  // of the batch's pictures, their numbers there
  for (int64_t c = 0; c < batch.size; ++c) {
    const int64_t picture = picture_of.at(batch.index[static_cast<size_t>(c)]);
    const auto [at, fresh] = seen.emplace(picture, static_cast<int64_t>(seen.size()));
    if (at->second % shards != shard) continue;
    if (fresh) result.pictures.push_back(picture);
    result.place.insert(result.place.end(), static_cast<size_t>(copies), at->second / shards);
    columns.insert(columns.end(), static_cast<size_t>(copies), c);
  }
  const std::vector<int64_t> lengths = support::pick_columns(batch.target_lengths, columns);
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

support::Batches batches_of_pictures(const std::vector<support::Ids>& captions,
                                     const std::vector<int64_t>& picture_of, const support::BatchOptions& options,
                                     uint64_t seed, uint64_t epoch) {
  std::unordered_map<int64_t, size_t> seen;
  std::vector<std::vector<size_t>> pictures;  // their captions
  support::Batches result;
  for (size_t i = 0; i < captions.size(); ++i) {
    if (options.max_length > 0 && static_cast<int64_t>(captions[i].size()) > options.max_length) {
      ++result.dropped;
      continue;
    }
    const auto [at, fresh] = seen.emplace(picture_of.at(i), pictures.size());
    if (fresh) pictures.emplace_back();
    pictures[at->second].push_back(i);
  }
  if (pictures.empty())
    throw Error("batches: none of {} captions is left with at most {} words; raise the limit", captions.size(),
                options.max_length);
  support::SplitMix random(mix_bits(seed) + epoch);
  random.shuffle(pictures);
  const std::vector<support::Ids> no_sources(captions.size());
  std::vector<size_t> index;
  const auto cut = [&] {
    result.batches.push_back(support::make_batch(no_sources, captions, std::move(index)));
    index.clear();
  };
  for (const std::vector<size_t>& captions_of_one : pictures) {
    if (!index.empty() && index.size() + captions_of_one.size() > static_cast<size_t>(options.batch_size)) cut();
    index.insert(index.end(), captions_of_one.begin(), captions_of_one.end());
  }
  cut();
  return result;
}

}  // namespace heed::caption
