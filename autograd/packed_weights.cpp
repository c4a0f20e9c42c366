#include "autograd/packed_weights.h"

#include <algorithm>

#include "autograd/product_tile.h"

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

// Panel after panel of kDeep rows. Sixteen rows at a time, so that what is read and written stays in the
// cache whichever way the weight lies.
template <class T>
void fill_panels(T* to, const Tensor& weight, bool transposed, int64_t inner, int64_t outer) {
  const T* from = weight.data<T>();
  const int64_t step_k = weight.strides()[transposed ? 1 : 0], step_n = weight.strides()[transposed ? 0 : 1];
  for (int64_t deep = 0; deep < inner; deep += kDeep) {
    const int64_t depth = std::min(inner - deep, kDeep);
    for (int64_t j = 0; j < outer; j += kWide<T>, to += depth * kWide<T>) {
      const int64_t width = std::min(outer - j, kWide<T>);
      if (width < kWide<T>) std::fill(to, to + depth * kWide<T>, T(0));
      for (int64_t k = 0; k < depth; k += 16)
        for (int64_t column = 0; column < width; ++column) {
          const T* line = from + (deep + k) * step_k + (j + column) * step_n;
          for (int64_t row = 0; row < std::min<int64_t>(16, depth - k); ++row)
            to[(k + row) * kWide<T> + column] = line[row * step_k];
        }
    }
  }
}

// The same numbers at the same place; each view of a weight is a tensor of its own.
bool same(const Tensor& a, const Tensor& b) {
  return a.address() == b.address() && a.shape() == b.shape() && a.strides() == b.strides() &&
         a.dtype() == b.dtype();
}

thread_local PackedWeights* current = nullptr;

}  // namespace

PackedMatrix::PackedMatrix(const Tensor& weight, bool transposed)
    : weight_(weight),
      transposed_(transposed),
      inner_(weight.size(transposed ? 1 : 0)),
      outer_(weight.size(transposed ? 0 : 1)) {
  dispatch_float(weight.dtype(), "packed product", [&](auto zero) {
    using T = decltype(zero);
    const int64_t wide = (outer_ + kWide<T> - 1) / kWide<T> * kWide<T>;
    panels_ = Tensor::empty({inner_, wide}, weight.dtype());
    fill_panels(panels_.mutable_data<T>(), weight, transposed, inner_, outer_);
  });
}

bool PackedMatrix::is_of(const Tensor& weight, bool transposed) const {
  return transposed == transposed_ && same(weight_, weight);
}

void PackedMatrix::multiply(Tensor& c, const Tensor& a, bool add) const {
  if (a.rank() != 2 || c.rank() != 2 || a.size(1) != inner_ || c.size(1) != outer_ || a.size(0) != c.size(0))
    throw Error("packed product: {} and {} do not fit a packed [{}, {}]", describe(a), describe(c), inner_,
                outer_);
  dispatch_float(panels_.dtype(), "packed product", [&](auto zero) {
    using T = decltype(zero);
    multiply_panels(panels_.data<T>(), inner_, a, c, add);
  });
}

PackedWeights::Scope::Scope(PackedWeights* weights) : before_(std::exchange(current, weights)) {}
PackedWeights::Scope::~Scope() { current = before_; }

void PackedWeights::clear() { entries_.clear(); }

std::shared_ptr<const PackedMatrix> SharedPacking::find(const Tensor& weight, bool transposed) {
  const std::lock_guard lock(mutex_);
  std::erase_if(copies_, [](const auto& copy) { return copy.expired(); });
  for (const auto& copy : copies_)
    if (auto packed = copy.lock(); packed && packed->is_of(weight, transposed)) return packed;
  auto packed = std::make_shared<const PackedMatrix>(weight, transposed);
  copies_.push_back(packed);
  return packed;
}

std::shared_ptr<const PackedMatrix> PackedWeights::packed(const Tensor& weight, bool transposed) const {
  if (shared_) return shared_->find(weight, transposed);
  return std::make_shared<const PackedMatrix>(weight, transposed);
}

std::shared_ptr<const PackedMatrix> PackedWeights::find(const Tensor& weight, bool transposed) {
  const std::lock_guard lock(mutex_);
  for (Entry& entry : entries_) {
    if (!same(entry.weight, weight) || entry.transposed != transposed) continue;
    if (!entry.packed && ++entry.uses >= from_use_) entry.packed = packed(weight, transposed);
    return entry.packed;
  }
  entries_.push_back({weight, transposed, 1, nullptr});
  if (from_use_ <= 1) entries_.back().packed = packed(weight, transposed);
  return entries_.back().packed;
}

bool multiply_packed(Tensor& c, const Tensor& a, const Tensor& weight, bool transposed, bool add) {
  if (!current || a.size(0) > kManyRows || weight.numel() < kSmallWeight) return false;
  const bool rows = a.strides()[1] == 1 && c.strides()[1] == 1;
  if (!rows || a.dtype() != weight.dtype() || !is_float(a.dtype())) return false;
  const std::shared_ptr<const PackedMatrix> packed = current->find(weight, transposed);
  if (!packed) return false;
  packed->multiply(c, a, add);
  return true;
}

}  // namespace heed
