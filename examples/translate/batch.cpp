#include "examples/translate/batch.h"

#include <algorithm>
#include <numeric>

namespace heed::translate {
namespace {

// Column `columns[b]` of a padded [steps, size] table, `lengths` falling along b.
Packed pack_columns(const std::vector<int64_t>& table, int64_t size, const std::vector<int64_t>& columns,
                    const std::vector<int64_t>& lengths) {
  Packed packed;
  std::vector<int64_t> ids;
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

template <class Lengths>
std::vector<int64_t> pick(const Lengths& lengths, const std::vector<int64_t>& columns) {
  std::vector<int64_t> result;
  for (int64_t c : columns) result.push_back(lengths[static_cast<size_t>(c)]);
  return result;
}

}  // namespace

Batch pack_batch(const support::PairBatch& batch, int shard, int shards) {
  std::vector<int64_t> columns;
  for (int64_t c = shard; c < batch.size; c += shards) columns.push_back(c);
  std::vector<int64_t> order(columns.size());  // of the sources: place -> position among the targets
  std::iota(order.begin(), order.end(), 0);
  const std::vector<int64_t> lengths = pick(batch.source_lengths, columns);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return lengths[static_cast<size_t>(a)] > lengths[static_cast<size_t>(b)];
  });

  Batch result;
  result.source = pack_columns(batch.source, batch.size, pick(columns, order), pick(lengths, order));
  if (!batch.target_lengths.empty()) {
    const std::vector<int64_t> target_lengths = pick(batch.target_lengths, columns);
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
