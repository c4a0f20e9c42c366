// The axes that a reduction runs over, and the reduction of one group of neighbouring axes after the other.
#pragma once

#include "autograd/ops/lines.h"
#include "autograd/ops/reduce.h"

namespace heed {

struct AxisSet {
  uint32_t bits = 0;
  Shape kept;         // the reduced axes have length 1
  Shape dropped;      // the reduced axes are gone
  int64_t count = 1;  // numbers that are reduced to one

  bool has(int axis) const { return bits >> axis & 1; }
};

// Throws if an axis does not exist or is named twice.
inline AxisSet axis_set(const Tensor& x, const Axes& axes, const char* operation) {
  check_defined(operation, x);
  AxisSet set;
  for (int axis : axes) {
    const int a = normal_axis(axis, x.rank(), operation);
    if (set.has(a)) throw Error("{}: axis {} of {} is named twice", operation, a, describe(x));
    set.bits |= 1u << a;
  }
  if (axes.empty()) set.bits = (1u << x.rank()) - 1;
  for (int i = 0; i < x.rank(); ++i) {
    set.kept.push_back(set.has(i) ? 1 : x.size(i));
    if (!set.has(i)) set.dropped.push_back(x.size(i));
    else set.count *= x.size(i);
  }
  return set;
}

// Reduces neighbouring axes together, the last group first; kernel(from, split, to) does one group.
template <class Kernel>
Tensor reduce_groups(const Tensor& x, const AxisSet& set, bool keep, Kernel kernel) {
  const Shape& result = keep ? set.kept : set.dropped;
  Tensor current = densify(x);
  if (x.rank() == 0) {
    Tensor y = Tensor::empty(result, x.dtype());
    kernel(current, Split{}, y);
    return y;
  }
  for (int last = x.rank() - 1; last >= 0; --last) {
    if (!set.has(last)) continue;
    int first = last;
    while (first > 0 && set.has(first - 1)) --first;
    Shape shape = current.shape();
    const Split split = split_at(shape, first, last);
    for (int i = first; i <= last; ++i) shape[i] = 1;
    const bool done = (set.bits & ((1u << first) - 1)) == 0;
    Tensor next = Tensor::empty(done ? result : shape, x.dtype());
    kernel(current, split, next);
    current = std::move(next);
    last = first;
  }
  return current;
}

}  // namespace heed
