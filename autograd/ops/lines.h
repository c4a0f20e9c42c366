// Lines: how a kernel walks along some neighbouring axes of a tensor.
//
// A dense tensor is seen around the axes as [outer, n, inner], and the kernel works on lines of n
// numbers, for instance the scores that one softmax turns into weights. If inner is 1 a line is a row:
// one register holds neighbours of the same line. Otherwise neighbours in memory belong to different
// lines, so one register holds one number each of many lines (Columns). A kernel written against the
// common interface serves both without strided loads:
//
//     for_each_line<T>(split, [&](auto line) {
//       line.put(y, lines::total_of<T>(line, [&](auto at) { return at.load(x); }));
//     });
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "autograd/base/tensor.h"
#include "autograd/kernels/in_place.h"
#include "autograd/kernels/registers.h"
#include "autograd/tape/record.h"

namespace heed {

struct Split {
  int64_t outer = 1, n = 1, inner = 1;
};

// Around the axes first..last.
inline Split split_at(const Shape& shape, int first, int last) {
  Split split;
  for (int i = 0; i < shape.rank(); ++i) (i < first ? split.outer : i <= last ? split.n : split.inner) *= shape[i];
  return split;
}

inline namespace HEED_WIDTH {
namespace lines {

// All lanes joined by an operation, the result in every lane: halves are exchanged, then quarters, ..
template <class T, class Join, int half = Vec<T>::width / 2>
HEED_INLINE Vec<T> join(Vec<T> x, Join operation) {
  const Vec<T> exchanged = [&]<int... I>(std::integer_sequence<int, I...>) {
    return Vec<T>(__builtin_shufflevector(x.lanes, x.lanes, (I ^ half)...));
  }
  (std::make_integer_sequence<int, Vec<T>::width>{});
  const Vec<T> joined = operation(x, exchanged);
  if constexpr (half == 1) return joined;
  else return join<T, Join, half / 2>(joined, operation);
}

// One line of n neighbours; `index` is its number.
template <class T>
struct Row {
  int64_t index, n;
  static constexpr bool is_row = true;

  template <class F>
  void each(F f) const {
    each_register<T>(index * n, index * n + n, f);
  }
  // Joins what the lanes hold of the line, and puts it into all lanes.
  static Vec<T> sum(Vec<T> x) {
    return join(x, [](Vec<T> a, Vec<T> b) { return a + b; });
  }
  static Vec<T> max(Vec<T> x) {
    return join(x, [](Vec<T> a, Vec<T> b) { return maximum(a, b); });
  }
  static Vec<T> min(Vec<T> x) {
    return join(x, [](Vec<T> a, Vec<T> b) { return minimum(a, b); });
  }
  // One number for the line.
  void put(T* to, Vec<T> x) const { to[index] = x.lanes[0]; }
};

// As many lines as there are lanes, or `count`, side by side.
template <class T>
struct Columns {
  int64_t begin, result, n, inner;
  int count;
  static constexpr bool is_row = false;

  template <class F>
  void each(F f) const {
    if (count == Vec<T>::width) {
      for (int64_t k = 0; k < n; ++k) f(FullRegister<T>{begin + k * inner});
    } else {
      for (int64_t k = 0; k < n; ++k) f(PartRegister<T>{begin + k * inner, count});
    }
  }
  static Vec<T> sum(Vec<T> x) { return x; }
  static Vec<T> max(Vec<T> x) { return x; }
  static Vec<T> min(Vec<T> x) { return x; }
  void put(T* to, Vec<T> x) const { x.store(to + result, count); }
};

}  // namespace lines

template <class T, class F>
void for_each_line(const Split& split, F f) {
  if (split.inner == 1) {
    for (int64_t o = 0; o < split.outer; ++o) f(lines::Row<T>{o, split.n});
    return;
  }
  constexpr int64_t width = Vec<T>::width;
  for (int64_t o = 0; o < split.outer; ++o)
    for (int64_t c = 0; c < split.inner; c += width)
      f(lines::Columns<T>{o * split.n * split.inner + c, o * split.inner + c, split.n, split.inner,
                          static_cast<int>(std::min(width, split.inner - c))});
}

namespace lines {

// A sum of many terms by halves: no term is added to one that is made of far more, so that floats keep their digits.
template <class T>
class PairwiseSum {
 public:
  void add(Vec<T> x) {
    int level = 0;
    for (uint64_t n = count_++; n & 1; n >>= 1) x += of_[level++];
    of_[level] = x;
  }
  // With one last term.
  Vec<T> total(Vec<T> x) const {
    for (int level = 0; level < 64; ++level)
      if (count_ >> level & 1) x += of_[level];
    return x;
  }
  bool empty() const { return count_ == 0; }

 private:
  uint64_t count_ = 0;
  Vec<T> of_[64];  // of 2^level terms, where that bit of count_ is set
};

// The sum over a line of what f(at) gives, in every lane.
template <class T, class Line, class F>
HEED_INLINE Vec<T> total_of(const Line& line, F f) {
  constexpr int block = 32;
  PairwiseSum<T> blocks;
  Vec<T> sum(T(0));
  int terms = 0;
  line.each([&](auto at) {
    sum += at.only(f(at), T(0));
    if (++terms < block) return;
    blocks.add(sum);
    sum = Vec<T>(T(0)), terms = 0;
  });
  return line.sum(blocks.empty() ? sum : blocks.total(sum));
}

// What is taken from the numbers x of a line so that no e^(x - shift) overflows: the largest of them, or 0
// where all are -inf. `load(at)` gives the numbers.
template <class T, class Line, class Load>
Vec<T> shift_of(const Line& line, Load load) {
  const Vec<T> lowest(-std::numeric_limits<T>::infinity());
  Vec<T> peak = lowest;
  line.each([&](auto at) { peak = maximum(peak, load(at)); });
  peak = line.max(peak);
  return where(peak == lowest, Vec<T>(T(0)), peak);
}

// That shift, and the logarithm of the sum of e^(x - shift): -inf where all are. The largest numbers are counted and not
// summed: of log(1 + what the others have) all digits are kept, and one that is infinite gives no inf - inf.
template <class T, class Line, class Load>
std::pair<Vec<T>, Vec<T>> shift_and_log_sum(const Line& line, Load load) {
  const Vec<T> shift = shift_of<T>(line, load);
  Vec<T> largest(T(0));
  const Vec<T> others = total_of<T>(line, [&](auto at) {
    const Vec<T> x = load(at);
    largest += at.only(where(x == shift, Vec<T>(T(1)), Vec<T>(T(0))), T(0));
    return where(x == shift, Vec<T>(T(0)), exp(x - shift));
  });
  return {shift, log1p(line.sum(largest) - Vec<T>(T(1)) + others)};
}

}  // namespace lines
}  // namespace HEED_WIDTH

// Runs kernel(gradient, fresh) on the memory where the gradient of `input` is summed, by way of a dense
// tensor if that memory has gaps. If `fresh`, numbers are stored, else added.
template <class Kernel>
void write_gradient(InPlace& adjoints, int input, const Tensor& like, Kernel kernel) {
  SuitablePlace place(adjoints, input, like, is_dense);
  if (!place) return;
  kernel(place.tensor(), place.fresh());
  place.finish();
}

}  // namespace heed
