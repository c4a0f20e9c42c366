#include "autograd/ops/order/sort.h"

#include <algorithm>
#include <vector>

#include "autograd/ops/indexing.h"
#include "autograd/ops/order/along.h"

namespace heed {
namespace {

template <class T>
struct Entry {
  T value;
  int64_t index;
};

// Nothing is larger than NaN. Among equals the first comes first, whatever the direction.
template <class T>
bool before(const Entry<T>& a, const Entry<T>& b, bool descending) {
  const T &first = descending ? b.value : a.value, &second = descending ? a.value : b.value;
  if (first < second) return true;
  if (second < first) return false;
  const bool first_nan = first != first, second_nan = second != second;
  return first_nan != second_nan ? second_nan : a.index < b.index;
}

// Where the first k numbers of each line in order stand.
Tensor first_in_order(const char* name, const Tensor& x, const Along& lines, int64_t k, bool descending) {
  const Tensor dense = densify(x);
  const Split& split = lines.split;
  if (k < 0 || k > split.n) throw Error("{}: {} of axis {} of {} are wanted", name, k, lines.axis, describe(x));
  Shape shape = x.shape();
  shape[lines.axis] = k;
  Tensor result = Tensor::empty(shape, DType::i64);
  dispatch_any(x.dtype(), [&]<class T>(T) {
    std::vector<Entry<T>> line(static_cast<size_t>(split.n));
    const auto in_order = [descending](const auto& a, const auto& b) { return before(a, b, descending); };
    const T* const numbers = dense.data<T>();
    int64_t* const places = result.mutable_data<int64_t>();
    for (int64_t o = 0; o < split.outer; ++o)
      for (int64_t j = 0; j < split.inner; ++j) {
        const T* from = numbers + o * split.n * split.inner + j;
        int64_t* to = places + o * k * split.inner + j;
        for (int64_t i = 0; i < split.n; ++i) line[static_cast<size_t>(i)] = {from[i * split.inner], i};
        if (k == split.n) std::sort(line.begin(), line.end(), in_order);
        else std::partial_sort(line.begin(), line.begin() + k, line.end(), in_order);
        for (int64_t i = 0; i < k; ++i) to[i * split.inner] = line[static_cast<size_t>(i)].index;
      }
  });
  return result;
}

}  // namespace

Tensor argsort(const Tensor& x, int axis, bool descending) {
  const Along lines = along("argsort", x, axis);
  return first_in_order("argsort", x, lines, lines.split.n, descending);
}

std::pair<Tensor, Tensor> sort(const Tensor& x, int axis, bool descending) {
  const Along lines = along("sort", x, axis);
  const Tensor index = first_in_order("sort", x, lines, lines.split.n, descending);
  return {gather(x, lines.axis, index), index};
}

std::pair<Tensor, Tensor> topk(const Tensor& x, int64_t k, int axis, bool largest) {
  const Along lines = along("topk", x, axis);
  const Tensor index = first_in_order("topk", x, lines, k, largest);
  return {gather(x, lines.axis, index), index};
}

}  // namespace heed
