// From padded columns (batches.h) to packed rows (nn/recurrent/packed.h): the ids of a minibatch step by step, with
// nothing for padding.
#pragma once

#include <numeric>

#include "examples/support/training/batches.h"
#include "nn/recurrent/packed.h"

namespace heed::support {

// Columns `columns[b]` of a padded table [steps, size], each as long as lengths[b], longest first.
inline Packed pack_columns(const Ids& table, int64_t size, const Ids& columns, const Ids& lengths) {
  Packed packed;
  Ids ids;
  const int64_t steps = lengths.empty() ? 0 : lengths[0];
  size_t rows = lengths.size();
  for (int64_t t = 0; t < steps; ++t) {
    while (rows > 0 && lengths[rows - 1] <= t) --rows;
    packed.active.push_back(static_cast<int64_t>(rows));
    for (size_t b = 0; b < rows; ++b) ids.push_back(table[static_cast<size_t>(t * size + columns[b])]);
  }
  packed.rows = Tensor::from(ids);
  packed.order.resize(lengths.size());
  std::iota(packed.order.begin(), packed.order.end(), 0);
  return packed;
}

// Columns shard, shard + shards, shard + 2 shards, .. of a batch of `size`: equal shares of long and short
// sentences. Each is there `copies` times, one after the other.
inline Ids shard_columns(int64_t size, int shard, int shards, int64_t copies = 1) {
  Ids columns;
  for (int64_t c = shard; c < size; c += shards) columns.insert(columns.end(), static_cast<size_t>(copies), c);
  return columns;
}

// values[columns[b]]
inline Ids pick_columns(const Ids& values, const Ids& columns) {
  Ids result;
  for (int64_t c : columns) result.push_back(values[static_cast<size_t>(c)]);
  return result;
}

// <s> y_1 .. y_T and y_1 .. y_T </s> of texts y, the longest first.
struct PackedTargets {
  Packed in, out;
};
inline PackedTargets pack_targets(const std::vector<Ids>& texts) {
  std::vector<size_t> index(texts.size());
  std::iota(index.begin(), index.end(), size_t{0});
  const PairBatch padded = make_batch(std::vector<Ids>(texts.size()), texts, index);
  const Ids columns = shard_columns(padded.size, 0, 1);
  return {pack_columns(padded.target_in, padded.size, columns, padded.target_lengths),
          pack_columns(padded.target_out, padded.size, columns, padded.target_lengths)};
}

}  // namespace heed::support
