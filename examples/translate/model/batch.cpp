#include "examples/translate/model/batch.h"

#include <algorithm>
#include <numeric>

#include "examples/support/training/pack_columns.h"

namespace heed::translate {

using support::pack_columns, support::pick_columns;

Batch pack_batch(const support::PairBatch& batch, int shard, int shards) {
  const std::vector<int64_t> columns = support::shard_columns(batch.size, shard, shards);
  std::vector<int64_t> order(columns.size());  // of the sources: place -> position among the targets
  std::iota(order.begin(), order.end(), 0);
  const std::vector<int64_t> lengths = pick_columns(batch.source_lengths, columns);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return lengths[static_cast<size_t>(a)] > lengths[static_cast<size_t>(b)];
  });

  Batch result;
  result.source =
      pack_columns(batch.source, batch.size, pick_columns(columns, order), pick_columns(lengths, order));
  if (!batch.target_lengths.empty()) {
    const std::vector<int64_t> target_lengths = pick_columns(batch.target_lengths, columns);
    result.target_in = pack_columns(batch.target_in, batch.size, columns, target_lengths);
    result.target_out = pack_columns(batch.target_out, batch.size, columns, target_lengths);
  }

  std::vector<int64_t> offset(result.source.active.size());
  std::exclusive_scan(result.source.active.begin(), result.source.active.end(), offset.begin(), int64_t{0});
  auto sight = std::make_shared<Sight>();
  sight->width = static_cast<int64_t>(offset.size());
  sight->lengths = lengths;
  sight->rows.assign(columns.size() * offset.size(), 0);
  std::vector<int64_t> place(columns.size()), last(columns.size());
  for (size_t p = 0; p < order.size(); ++p) {
    const size_t b = static_cast<size_t>(order[p]);
    place[b] = static_cast<int64_t>(p);
    for (int64_t j = 0; j < lengths[b]; ++j)
      sight->rows[b * offset.size() + static_cast<size_t>(j)] = offset[static_cast<size_t>(j)] + place[b];
    last[b] = offset[static_cast<size_t>(lengths[b] - 1)] + place[b];
  }
  result.sight = std::move(sight);
  result.source_place = Tensor::from(place);
  result.source_last = Tensor::from(last);
  return result;
}

}  // namespace heed::translate
