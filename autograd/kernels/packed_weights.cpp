#include "autograd/kernels/packed_weights.h"

#include <algorithm>

#include "autograd/base/flops.h"
#include "autograd/kernels/product_tile.h"
#include "autograd/kernels/transpose_block.h"

namespace heed {
namespace {

// So many rows of a panel stay in the second-level cache while the tiles below each other read them.
constexpr int64_t kDeep = 512;
// From here on BLAS spends too little of its time on copying.
constexpr int64_t kManyRows = 192;
constexpr int64_t kSmallWeight = 2048;

template <class T>
void multiply_panels(const T* panels, int64_t inner, const Tensor& a, Tensor& c, bool add) {
  const int64_t columns = c.size(1);
  Tile<T> tile{};
  tile.a_step = a.strides()[0];
  tile.a_next = 1;
  tile.panel = panels;
  tile.panel_step = kWide<T>;
  tile.c_step = c.strides()[0];
  for (int64_t k = 0; k < inner; k += kDeep) {
    tile.depth = std::min(inner - k, kDeep);
    tile.add = add || k > 0;
    tile.a = a.data<T>() + k;
    for (int64_t j = 0; j < columns; j += kWide<T>, tile.panel += tile.depth * kWide<T>) {
      tile.width = std::min(columns - j, kWide<T>);
      tile.c = c.mutable_data<T>() + j;
      multiply_panel<true>(a.size(0), tile);
    }
  }
}

// One panel, `depth` rows of op(weight) and `width` of its columns, from where it begins in the weight.
template <class T>
void fill_panel(T* to, const T* from, int64_t step_k, int64_t step_n, int64_t depth, int64_t width) {
  if (width < kWide<T>) std::fill(to, to + depth * kWide<T>, T(0));
  if (step_k == 1) {  // the panel's columns are rows of the weight
    transpose_into(to, kWide<T>, from, step_n, width, depth);
  } else if (step_n == 1) {
    for (int64_t k = 0; k < depth; ++k) std::copy_n(from + k * step_k, width, to + k * kWide<T>);
  } else {
    for (int64_t k = 0; k < depth; ++k)
      for (int64_t j = 0; j < width; ++j) to[k * kWide<T> + j] = from[k * step_k + j * step_n];
  }
}

// Panel after panel of kDeep rows.
template <class T>
void fill_panels(T* to, const Tensor& weight, bool transposed, int64_t inner, int64_t outer) {
  const T* from = weight.data<T>();
  const int64_t step_k = weight.strides()[transposed ? 1 : 0], step_n = weight.strides()[transposed ? 0 : 1];
  for (int64_t k = 0; k < inner; k += kDeep) {
    const int64_t depth = std::min(inner - k, kDeep);
    for (int64_t j = 0; j < outer; j += kWide<T>, to += depth * kWide<T>)
      fill_panel(to, from + k * step_k + j * step_n, step_k, step_n, depth, std::min(outer - j, kWide<T>));
  }
}

// The same numbers at the same place; each view of a weight is a tensor of its own.
bool same(const Tensor& a, const Tensor& b) {
  return a.address() == b.address() && a.shape() == b.shape() && a.strides() == b.strides() &&
         a.dtype() == b.dtype();
}

}  // namespace

PackedMatrix::PackedMatrix(const Tensor& weight, bool transposed)
    : weight_(weight),
      version_(weight.version()),
      transposed_(transposed),
      inner_(weight.size(transposed ? 1 : 0)),
      outer_(weight.size(transposed ? 0 : 1)) {
  dispatch_float(weight.dtype(), "packed product", [&]<class T>(T) {
    const int64_t wide = (outer_ + kWide<T> - 1) / kWide<T> * kWide<T>;
    panels_ = Tensor::empty({inner_, wide}, weight.dtype());
    fill_panels(panels_.mutable_data<T>(), weight, transposed, inner_, outer_);
  });
}

bool PackedMatrix::is_of(const Tensor& weight, bool transposed) const {
  return transposed == transposed_ && version_ == weight.version() && same(weight_, weight);
}

void PackedMatrix::multiply(Tensor& c, const Tensor& a, bool add) const {
  if (a.rank() != 2 || c.rank() != 2 || a.size(1) != inner_ || c.size(1) != outer_ || a.size(0) != c.size(0))
    throw Error("packed product: {} and {} do not fit a packed [{}, {}]", describe(a), describe(c), inner_,
                outer_);
  if (a.size(0) == 0) return;
  count_product(a.size(0), inner_, outer_);
  dispatch_float(panels_.dtype(), "packed product", [&]<class T>(T) {
    multiply_panels(panels_.data<T>(), inner_, a, c, add);
  });
}

std::shared_ptr<const PackedMatrix> SharedPacking::find(const Tensor& weight, bool transposed) {
  const std::lock_guard lock(mutex_);
  std::erase_if(copies_, [](const auto& copy) { return copy.expired(); });
  for (const auto& copy : copies_)
    if (auto packed = copy.lock(); packed && packed->is_of(weight, transposed)) return packed;
  auto packed = std::make_shared<const PackedMatrix>(weight, transposed);
  copies_.push_back(packed);
  return packed;
}

std::shared_ptr<const PackedMatrix> PackedWeights::find(const Tensor& weight, bool transposed,
                                                        SharedPacking* shared) {
  const std::lock_guard lock(mutex_);
  const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) {
    return e.transposed == transposed && same(e.weight, weight);
  });
  if (entry != entries_.end() && entry->packed && entry->packed->is_of(weight, transposed)) return entry->packed;
  const bool computed = weight.origin().node >= 0;
  std::shared_ptr<const PackedMatrix> packed;
  if (!computed || entry != entries_.end())
    packed = shared ? shared->find(weight, transposed)
                    : std::make_shared<const PackedMatrix>(weight, transposed);
  if (entry == entries_.end()) entries_.push_back({weight, transposed, packed});
  else entry->packed = packed;
  return packed;
}

bool multiply_packed(Tensor& c, const Tensor& a, const Tensor& weight, bool transposed, bool add) {
  Immutable* const numbers = Immutable::current();
  if (!numbers || a.size(0) == 0 || a.size(0) > kManyRows || weight.numel() < kSmallWeight) return false;
  const bool rows = a.strides()[1] == 1 && c.strides()[1] == 1;
  if (!rows || a.dtype() != weight.dtype() || !is_float(a.dtype())) return false;
  SharedPacking* const shared = numbers->in_common() ? &numbers->in_common()->cache<SharedPacking>() : nullptr;
  const auto packed = numbers->cache<PackedWeights>().find(weight, transposed, shared);
  if (!packed) return false;
  packed->multiply(c, a, add);
  return true;
}

}  // namespace heed
