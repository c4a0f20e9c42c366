#include "nn/recurrent/packed.h"

#include <algorithm>
#include <numeric>

#include "autograd/tape/record.h"
#include "autograd/views/views.h"

namespace heed {
namespace {

using Ids = std::vector<int64_t>;

// Copies rows: to[to_ids[k]] = from[from_ids[k]]; without ids, row k is row k.
void copy_rows(Tensor& to, const Ids* to_ids, const Tensor& from, const Ids* from_ids, size_t count) {
  const Tensor source = densify(from);
  const int64_t width = source.size(0) > 0 ? source.numel() / source.size(0) : 0;
  dispatch_any(source.dtype(), [&]<class T>(T) {
    const T* x = source.data<T>();
    T* y = to.mutable_data<T>();
    for (size_t k = 0; k < count; ++k) {
      const int64_t i = from_ids ? (*from_ids)[k] : static_cast<int64_t>(k);
      const int64_t j = to_ids ? (*to_ids)[k] : static_cast<int64_t>(k);
      std::copy_n(x + i * width, width, y + j * width);
    }
  });
}

Tensor put_rows(const Tensor& x, const Ids& ids, int64_t count);

// Rows `ids` of x, no row twice; put_rows puts them into `count` rows, zeros elsewhere. Each is the transpose
// of the other, and so its gradient.
Tensor take_rows(const Tensor& x, const Ids& ids) {
  Shape shape = x.shape();
  shape[0] = static_cast<int64_t>(ids.size());
  Tensor y = Tensor::empty(shape, x.dtype());
  copy_rows(y, nullptr, x, &ids, ids.size());
  if (!is_float(x.dtype())) return y;
  return record("take_rows", {x}, y,
                [ids, count = x.size(0)](const Tensor& dy) { return put_rows(dy, ids, count); });
}

Tensor put_rows(const Tensor& x, const Ids& ids, int64_t count) {
  Shape shape = x.shape();
  shape[0] = count;
  const bool all = count == static_cast<int64_t>(ids.size());
  Tensor y = all ? Tensor::empty(shape, x.dtype()) : Tensor::zeros(shape, x.dtype());
  copy_rows(y, &ids, x, nullptr, ids.size());
  if (!is_float(x.dtype())) return y;
  return record("put_rows", {x}, y, [ids](const Tensor& dy) { return take_rows(dy, ids); });
}

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
      throw Error("pack: sentence {} has length {}, outside 0 .. {} of {}", b, lengths[b], x.size(0),
                  describe(x));
}

}  // namespace

std::vector<int64_t> Packed::lengths() const {
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
  packed.rows = is_full(packed) && longest == x.size(0) ? rows : take_rows(rows, places(packed));
  return packed;
}

Packed pack(const Tensor& x) {
  if (!x || x.rank() < 2) throw Error("pack: wants [T, B, ..], got {}", describe(x));
  return pack(x, Ids(static_cast<size_t>(x.size(1)), x.size(0)));
}

Tensor unpack(const Packed& packed, int64_t steps) {
  if (steps < 0) steps = packed.steps();
  if (steps < packed.steps())
    throw Error("unpack: the longest sentence has {} steps, {} are wanted", packed.steps(), steps);
  Shape shape = packed.rows.shape();
  shape[0] = packed.batch();
  shape.insert(0, steps);
  if (is_full(packed) && steps == packed.steps()) return reshape(packed.rows, shape);
  return reshape(put_rows(packed.rows, places(packed), steps * packed.batch()), shape);
}

Tensor to_packed_order(const Packed& packed, const Tensor& x) {
  return is_identity(packed.order) ? x : take_rows(x, packed.order);
}

Tensor to_batch_order(const Packed& packed, const Tensor& x) {
  return is_identity(packed.order) ? x : put_rows(x, packed.order, packed.batch());
}

}  // namespace heed
