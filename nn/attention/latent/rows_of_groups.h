// What a group's words and places have in rows of tensors: copied together for the mixture, and its gradients put
// back; and the prior that weights are.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "autograd/base/tensor.h"
#include "autograd/kernels/registers.h"
#include "nn/attention/latent/groups.h"

namespace heed::latent {

using Rows = std::vector<int64_t>;

// Rows of `from` are copied to those of `to` from row `at` on.
template <class T>
void copy_rows(Tensor& to, int64_t at, const Tensor& from, const Rows& rows) {
  const int64_t size = from.size(1);
  T* next = to.mutable_data<T>() + at * size;
  for (const int64_t row : rows) {
    if (row == kNoPlace) std::fill_n(next, size, T(0));
    else std::copy_n(from.data<T>() + row * size, size, next);
    next += size;
  }
}
// And the other way: those of `from` are added to the rows of `to`.
template <class T>
void add_to_rows(Tensor& to, const Rows& rows, const Tensor& from, int64_t at) {
  const int64_t size = from.size(1);
  T* sum = to.mutable_data<T>();
  const T* next = from.data<T>() + at * size;
  for (const int64_t row : rows) {
    if (row != kNoPlace) add_row(sum + row * size, next, size);
    next += size;
  }
}

// A slope by alpha, which has no bound where alpha is 0: at most the largest number.
template <class T>
double within(double slope) {
  constexpr double most = std::numeric_limits<T>::max();
  return slope < -most ? -most : slope > most ? most : slope;
}

// The prior of each word over its places: alpha with its sum at 1. A word whose sum is 0 chooses none.
template <class T>
class Prior {
 public:
  Prior(const Tensor& alpha, const AttentionMask& mask)
      : alpha_(alpha), total_(static_cast<size_t>(alpha.size(0)), 0) {
    each_row(mask, alpha.size(0), [&](int64_t t, int64_t i, int64_t) {
      total_[static_cast<size_t>(t)] += static_cast<double>(alpha.data<T>()[t * mask.width + i]);
    });
  }
  double total(int64_t t) const { return total_[static_cast<size_t>(t)]; }
  std::vector<bool> chooses() const {
    std::vector<bool> result;
    for (const double total : total_) result.push_back(total != 0);
    return result;
  }
  std::vector<double> of(const Group& group) const {  // [n, s]
    if (group.rows[0] == kNoPlace) return std::vector<double>(group.words.size(), 1);
    std::vector<double> pi;
    for (const int64_t t : group.words) {
      const T* row = alpha_.data<T>() + t * alpha_.size(1);
      for (size_t i = 0; i < group.rows.size(); ++i) pi.push_back(static_cast<double>(row[i]) / total(t));
    }
    return pi;
  }

 private:
  const Tensor& alpha_;
  std::vector<double> total_;
};

}  // namespace heed::latent
