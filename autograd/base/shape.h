// The lengths of a tensor's axes, the last axis running fastest, and the rules of broadcasting.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "autograd/base/error.h"

namespace heed {

constexpr int kMaxRank = 8;

// Up to eight lengths, kept in place so that making a tensor costs one allocation.
class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<int64_t> sizes) {
    for (int64_t size : sizes) push_back(size);
  }
  explicit Shape(const std::vector<int64_t>& sizes) {
    for (int64_t size : sizes) push_back(size);
  }

  int rank() const { return rank_; }
  int64_t operator[](int i) const { return sizes_[i]; }
  int64_t& operator[](int i) { return sizes_[i]; }
  const int64_t* begin() const { return sizes_.data(); }
  const int64_t* end() const { return sizes_.data() + rank_; }

  void push_back(int64_t size) {
    if (rank_ == kMaxRank) throw Error("a tensor has at most {} axes", kMaxRank);
    sizes_[rank_++] = size;
  }
  void insert(int axis, int64_t size);
  void erase(int axis);

  // Throws if that is beyond 64 bits.
  int64_t numel() const {
    int64_t n = 1;
    for (int i = 0; i < rank_; ++i)
      if (__builtin_mul_overflow(n, sizes_[i], &n)) throw_too_large();
    return n;
  }
  bool operator==(const Shape& other) const {
    if (rank_ != other.rank_) return false;
    for (int i = 0; i < rank_; ++i)
      if (sizes_[i] != other.sizes_[i]) return false;
    return true;
  }

 private:
  [[noreturn]] void throw_too_large() const;
  std::array<int64_t, kMaxRank> sizes_{};
  int rank_ = 0;
};

// "[80, 1000]"
std::string to_string(const Shape& shape);
// "[3, 17]": where element number `flat` of a tensor stands, counted row-major.
std::string position(int64_t flat, const Shape& shape);

// Elements to step over for one step along each axis.
using Strides = std::array<int64_t, kMaxRank>;

// The strides of a dense row-major tensor. Of one without elements, [0, 2^32, 2^32], they may be beyond 64 bits;
// then they wrap, and nobody steps over anything.
inline Strides dense_strides(const Shape& shape) {
  Strides strides{};
  int64_t step = 1;
  for (int axis = shape.rank(); axis-- > 0;) {
    strides[axis] = step;
    static_cast<void>(__builtin_mul_overflow(step, shape[axis], &step));
  }
  return strides;
}

// Those of the axes but one, in their order.
inline Strides strides_without(const Strides& strides, int axis) {
  Strides others{};
  for (int i = 0; i + 1 < kMaxRank; ++i) others[i] = strides[i < axis ? i : i + 1];
  return others;
}

// The common shape of two operands: aligned at the right, lengths equal or 1, missing axes count as 1.
// Throws when two lengths differ; `operation` names the culprit in the message.
Shape broadcast(const Shape& a, const Shape& b, const char* operation);

// 0 <= axis < rank from an axis that may count from the end (-1 is the last).
inline int normal_axis(int axis, int rank, const char* operation) {
  const int positive = axis < 0 ? axis + rank : axis;
  if (positive < 0 || positive >= rank)
    throw Error("{}: axis {} does not exist in a tensor of {} axes", operation, axis, rank);
  return positive;
}

}  // namespace heed
