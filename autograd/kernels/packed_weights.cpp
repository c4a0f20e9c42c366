#include "autograd/kernels/packed_weights.h"

#include <algorithm>

#include "autograd/base/flops.h"
#include "autograd/kernels/blas.h"
#include "autograd/kernels/product/bf16.h"
#include "autograd/kernels/product/pair_product.h"
#include "autograd/kernels/product/panels.h"

namespace heed {
namespace {

// From here on BLAS spends too little of its time on copying. (Not so where it is rounding, too.)
constexpr int64_t kManyRows = 192;
constexpr int64_t kSmallWeight = 2048;

// The same numbers at the same place; each view of a weight is a tensor of its own.
bool same(const Tensor& a, const Tensor& b) {
  return a.address() == b.address() && a.shape() == b.shape() && a.strides() == b.strides() && a.dtype() == b.dtype();
}

}  // namespace

PackedMatrix::PackedMatrix(const Tensor& weight, bool transposed)
    : weight_(weight),
      version_(weight.version()),
      transposed_(transposed),
      inner_(weight.size(transposed ? 1 : 0)),
      outer_(weight.size(transposed ? 0 : 1)),
      precision_(wanted_precision(weight.dtype(), inner_, outer_)),
      pairs_(precision_ == Precision::bf16 && pair_product::available()) {
  if (precision_ == Precision::int8) {
    int8_ = std::make_shared<const Int8Matrix>(weight, transposed);
    return;
  }
  if (pairs_) {
    panels_ = pair_product::panels_of(weight, transposed);
    return;
  }
  const Tensor numbers = precision_ == Precision::bf16 ? rounded_to_bf16(weight) : weight;
  dispatch_float(weight.dtype(), "packed product", [&]<class T>(T) {
    const int64_t wide = in_panels<T>(outer_);
    panels_ = Tensor::empty({inner_, wide}, weight.dtype());
    const int64_t row_step = numbers.strides()[transposed ? 1 : 0],
                  column_step = numbers.strides()[transposed ? 0 : 1];
    for (int64_t k = 0; k < inner_; k += kDeep)
      fill_panels(panels_.mutable_data<T>() + k * wide, numbers.data<T>() + k * row_step, row_step, column_step,
                  std::min(inner_ - k, kDeep), outer_);
  });
}

bool PackedMatrix::is_of(const Tensor& weight, bool transposed) const {
  return transposed == transposed_ && version_ == weight.version() && same(weight_, weight) &&
         precision_ == wanted_precision(weight.dtype(), inner_, outer_);
}

void PackedMatrix::multiply(Tensor& c, const Tensor& a, bool add) const {
  if (a.rank() != 2 || c.rank() != 2 || a.size(1) != inner_ || c.size(1) != outer_ || a.size(0) != c.size(0))
    throw Error("packed product: {} and {} do not fit a packed [{}, {}]", describe(a), describe(c), inner_, outer_);
  if (a.size(0) == 0) return;
  count_product(a.size(0), inner_, outer_);
  if (int8_) return int8_->multiply(c, a, add);
  if (pairs_) return pair_product::multiply_panels(c, a, panels_, add);
  const Tensor numbers = precision_ == Precision::bf16 ? rounded_to_bf16(a) : a;
  dispatch_float(panels_.dtype(), "packed product", [&]<class T>(T) {
    for (int64_t k = 0; k < inner_; k += kDeep)
      multiply_panels<Single<T>>(c.mutable_data<T>(), c.strides()[0], numbers.data<T>() + k, numbers.strides()[0],
                                 panels_.data<T>() + k * panels_.size(1), a.size(0), std::min(inner_ - k, kDeep),
                                 outer_, add || k > 0);
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
    packed = shared ? shared->find(weight, transposed) : std::make_shared<const PackedMatrix>(weight, transposed);
  if (entry == entries_.end()) entries_.push_back({weight, transposed, packed});
  else entry->packed = packed;
  return packed;
}

bool multiply_packed(Tensor& c, const Tensor& a, const Tensor& weight, bool transposed, bool add) {
  Immutable* const numbers = Immutable::current();
  if (!numbers || a.size(0) == 0 || weight.numel() < kSmallWeight) return false;
  if (a.size(1) > blas::most_terms(c.numel())) return false;
  const bool full = wanted_precision(weight.dtype(), weight.size(0), weight.size(1)) == Precision::f32;
  if (a.size(0) > kManyRows && full) return false;
  const bool rows = a.strides()[1] == 1 && c.strides()[1] == 1;
  if (!rows || a.dtype() != weight.dtype() || !is_float(a.dtype())) return false;
  SharedPacking* const shared = numbers->in_common() ? &numbers->in_common()->cache<SharedPacking>() : nullptr;
  const auto packed = numbers->cache<PackedWeights>().find(weight, transposed, shared);
  if (!packed) return false;
  packed->multiply(c, a, add);
  return true;
}

void multiply_by_weight(Tensor& c, const Tensor& a, const Tensor& weight, bool transposed, bool add) {
  if (!multiply_packed(c, a, weight, transposed, add)) blas::multiply(c, a, false, weight, transposed, add ? 1 : 0);
}

}  // namespace heed
