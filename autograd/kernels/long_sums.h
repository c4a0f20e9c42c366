// Sums of many floats, to which a kernel adds one term after the other. A float's 24 bits hold few digits of a term beside
// those of a large sum: a million times 0.1 would come to 100,958. So what kMostTerms have made is moved to a total in
// double, and the sum begins anew.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace heed {

constexpr int64_t kMostTerms = 128;  // more cost digits; fewer cost time

// Rows of `size` sums, `step` numbers apart. Of f64 and of integers nothing is moved.
template <class T>
class LongSums {
 public:
  LongSums(T* sums, int64_t rows, int64_t size, int64_t step)
      : sums_(sums), size_(size), step_(step), terms_(static_cast<size_t>(sums && kShort ? rows : 0)) {}
  LongSums(T* sums, int64_t rows, int64_t size) : LongSums(sums, rows, size, size) {}
  ~LongSums() { finish(); }
  LongSums(const LongSums&) = delete;
  LongSums& operator=(const LongSums&) = delete;

  // The sums of a row, to each of which so many more terms are added now; null if there are none.
  T* row(int64_t r, int64_t terms = 1) {
    if (!sums_) return nullptr;
    T* const found = sums_ + r * step_;
    if constexpr (kShort) {
      int32_t& so_far = terms_[static_cast<size_t>(r)];
      if (so_far + terms > kMostTerms && so_far > 0) move(r, found), so_far = 0;
      so_far += static_cast<int32_t>(terms);
    }
    return found;
  }
  // Puts the totals where the sums are. Of itself at the end of the scope.
  void finish() {
    for (size_t i = 0; i < moved_.size(); ++i) {
      T* const to = sums_ + moved_[i] * step_;
      const double* total = totals_.data() + i * static_cast<size_t>(size_);
      for (int64_t j = 0; j < size_; ++j) to[j] = static_cast<T>(total[j] + static_cast<double>(to[j]));
    }
    moved_.clear(), totals_.clear();
  }

 private:
  static constexpr bool kShort = std::is_same_v<T, float>;

  void move(int64_t row, T* from) {
    if (slots_.empty()) slots_.assign(terms_.size(), -1);
    int32_t& slot = slots_[static_cast<size_t>(row)];
    if (slot < 0) {
      slot = static_cast<int32_t>(moved_.size());
      moved_.push_back(row);
      totals_.resize(totals_.size() + static_cast<size_t>(size_), 0);
    }
    double* total = totals_.data() + static_cast<size_t>(slot) * static_cast<size_t>(size_);
    for (int64_t j = 0; j < size_; ++j) total[j] += static_cast<double>(from[j]);
    std::fill_n(from, size_, T(0));
  }

  T* sums_;
  int64_t size_, step_;
  std::vector<int32_t> terms_;  // of each row since the last move
  std::vector<int32_t> slots_;  // each row's place among the totals, -1: none
  std::vector<int64_t> moved_;  // the rows that have one
  std::vector<double> totals_;
};

}  // namespace heed
