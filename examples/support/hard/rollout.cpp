#include "examples/support/hard/rollout.h"

#include <algorithm>

#include "autograd/ops/indexing.h"
#include "autograd/ops/softmax.h"

namespace heed::support {
namespace {

// [n, 1]: 1 for those of the first n texts that get the expectation; undefined if none does.
Tensor expected_rows(const std::vector<bool>& expected, int64_t n, DType dtype) {
  if (expected.empty()) return {};
  const std::vector<double> rows(expected.begin(), expected.begin() + n);
  if (std::find(rows.begin(), rows.end(), 1.0) == rows.end()) return {};
  return Tensor::from(rows, {n, 1}, dtype);
}

}  // namespace

Rollout::Weigh draw_places(const HardDraw& draw) {
  return [&draw](const Tensor& scores) {
    return draw.reading(softmax(scores), expected_rows(draw.expected, scores.size(0), scores.dtype()));
  };
}

Tensor spread_rows(const Tensor& x, int64_t times) {
  std::vector<int64_t> rows;
  for (int64_t b = 0; b < x.size(0); ++b) rows.insert(rows.end(), static_cast<size_t>(times), b);
  return index_select(x, 0, Tensor::from(rows));
}

}  // namespace heed::support
