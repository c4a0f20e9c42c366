#include "nn/recurrent/packed.h"

#include <algorithm>
#include <numeric>

#include "autograd/ops/indexing.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"

namespace heed {
namespace {

using Ids = std::vector<int64_t>;

bool is_identity(const Ids& order) {
  for (size_t k = 0; k < order.size(); ++k)
    if (order[k] != static_cast<int64_t>(k)) return false;
  return true;
}

// Where the packed rows lie among the T * B rows of the batch.
Ids places(const Packed& packed) {
  Ids ids;
  for (int64_t t = 0; t < packed.steps(); ++t)
    for (int64_t k = 0; k < packed.active[static_cast<size_t>(t)]; ++k)
      ids.push_back(t * packed.batch() + packed.order[static_cast<size_t>(k)]);
  return ids;
}

bool is_full(const Packed& packed) {  // and in order: the rows are those of the batch
  return is_identity(packed.order) && (packed.active.empty() || packed.active.back() == packed.batch());
}

void check(const Tensor& x, const Ids& lengths) {
  if (!x || x.rank() < 2) throw Error("pack: wants [T, B, ..], got {}", describe(x));
  if (static_cast<int64_t>(lengths.size()) != x.size(1))
    throw Error("pack: {} lengths given for the {} sentences of {}", lengths.size(), x.size(1), describe(x));
  for (size_t b = 0; b < lengths.size(); ++b)
    if (lengths[b] < 0 || lengths[b] > x.size(0))
      throw Error("pack: sentence {} has length {}, outside 0 .. {} of {}", b, lengths[b], x.size(0), describe(x));
}

}  // namespace

void check_layout(const char* operation, const Packed& packed) {
  std::vector<bool> seen(packed.order.size());
  for (const int64_t b : packed.order) {
    if (b < 0 || b >= packed.batch() || seen[static_cast<size_t>(b)])
      throw Error("{}: the order of the {} packed sentences must name each of them once; it has {}", operation,
                  packed.batch(), b);
    seen[static_cast<size_t>(b)] = true;
  }
  int64_t before = packed.batch();
  for (const int64_t n : packed.active) {
    if (n < 0 || n > before)
      throw Error("{}: {} of the packed sentences cannot go on where {} did before", operation, n, before);
    before = n;
  }
}

void check_rows(const char* operation, const Packed& packed) {
  check_defined(operation, packed.rows);
  check_layout(operation, packed);
  const int64_t words = std::accumulate(packed.active.begin(), packed.active.end(), int64_t{0});
  if (packed.rows.rank() < 1 || packed.rows.size(0) != words)
    throw Error("{}: packed rows {} for sentences of {} words in all", operation, describe(packed.rows), words);
}

namespace {

void check_sentences(const char* operation, const Packed& packed, const Tensor& x) {
  check_defined(operation, x);
  check_layout(operation, packed);
  if (x.rank() < 1 || x.size(0) != packed.batch())
    throw Error("{}: wants a row for each of {} sentences, got {}", operation, packed.batch(), describe(x));
}

}  // namespace

std::vector<int64_t> Packed::lengths() const {
  check_layout("lengths", *this);
  Ids result(order.size(), 0);
  for (int64_t n : active)
    for (int64_t k = 0; k < n; ++k) ++result[static_cast<size_t>(order[static_cast<size_t>(k)])];
  return result;
}

Packed pack(const Tensor& x, const std::vector<int64_t>& lengths) {
  check(x, lengths);
  Packed packed;
  packed.order.resize(lengths.size());
  std::iota(packed.order.begin(), packed.order.end(), 0);
  std::stable_sort(packed.order.begin(), packed.order.end(), [&](int64_t a, int64_t b) {
    return lengths[static_cast<size_t>(a)] > lengths[static_cast<size_t>(b)];
  });
  const int64_t longest = lengths.empty() ? 0 : *std::max_element(lengths.begin(), lengths.end());
  for (int64_t t = 0; t < longest; ++t)
    packed.active.push_back(std::count_if(lengths.begin(), lengths.end(), [t](int64_t n) { return n > t; }));
  Shape shape = x.shape();
  shape.erase(0);
  shape[0] = x.size(0) * x.size(1);
  const Tensor rows = reshape(x, shape);
  packed.rows = is_full(packed) && longest == x.size(0) ? rows : index_select(rows, 0, Tensor::from(places(packed)));
  return packed;
}

Packed pack(const Tensor& x) {
  if (!x || x.rank() < 2) throw Error("pack: wants [T, B, ..], got {}", describe(x));
  return pack(x, Ids(static_cast<size_t>(x.size(1)), x.size(0)));
}

Tensor unpack(const Packed& packed, int64_t steps) {
  check_rows("unpack", packed);
  if (steps < 0) steps = packed.steps();
  if (steps < packed.steps())
    throw Error("unpack: the longest sentence has {} steps, {} are wanted", packed.steps(), steps);
  Shape shape = packed.rows.shape();
  shape[0] = packed.batch();
  shape.insert(0, steps);
  if (is_full(packed) && steps == packed.steps()) return reshape(packed.rows, shape);
  Ids from(static_cast<size_t>(steps * packed.batch()), packed.rows.size(0));  // a row of zeros behind the others
  int64_t row = 0;
  for (int64_t place : places(packed)) from[static_cast<size_t>(place)] = row++;
  Shape one = packed.rows.shape();
  one[0] = 1;
  const Tensor all = concat({packed.rows, Tensor::zeros(one, packed.rows.dtype())}, 0);
  return reshape(index_select(all, 0, Tensor::from(from)), shape);
}

Tensor to_packed_order(const Packed& packed, const Tensor& x) {
  check_sentences("to_packed_order", packed, x);
  return is_identity(packed.order) ? x : index_select(x, 0, Tensor::from(packed.order));
}

Tensor to_batch_order(const Packed& packed, const Tensor& x) {
  check_sentences("to_batch_order", packed, x);
  if (is_identity(packed.order)) return x;
  Ids place(packed.order.size());
  for (size_t k = 0; k < place.size(); ++k) place[static_cast<size_t>(packed.order[k])] = static_cast<int64_t>(k);
  return index_select(x, 0, Tensor::from(place));
}

Tensor join_steps(const std::vector<Tensor>& steps) { return steps.empty() ? Tensor() : concat(steps, 0); }

}  // namespace heed
