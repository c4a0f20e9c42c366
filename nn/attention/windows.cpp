#include "nn/attention/windows.h"

#include <algorithm>
#include <cmath>

#include "autograd/ops/matmul.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"
#include "nn/layers/init.h"

namespace heed {
namespace {

void check_scores(const char* window, const Tensor& scores, const AttentionMask& mask) {
  check_defined(window, scores);
  if (scores.rank() != 2 || scores.size(1) != mask.width || scores.size(0) > mask.queries())
    throw Error("{}: the scores {} do not fit a mask of {} queries with {} positions", window, describe(scores),
                mask.queries(), mask.width);
}

// i64 [n, S]: 1 where the mask lets query b attend and |j - center_b| <= radius.
Tensor near_mask(const Tensor& scores, const AttentionMask& mask, const Tensor& center, int64_t radius) {
  const int64_t n = scores.size(0);
  const std::vector<double> centers = center.to_vector();
  if (static_cast<int64_t>(centers.size()) != n)
    throw Error("local attention: one position is wanted for each query, got {} for the scores {}",
                describe(center), describe(scores));
  Tensor near = Tensor::zeros({n, mask.width}, DType::i64);
  int64_t* to = near.mutable_data<int64_t>();
  each_row(mask, n, [&](int64_t b, int64_t j, int64_t) {
    const double distance = std::abs(static_cast<double>(j) - centers[static_cast<size_t>(b)]);
    to[b * mask.width + j] = distance <= static_cast<double>(radius);
  });
  return near;
}

// S of each of the first n queries, in the type of `like`.
Tensor lengths_of(const AttentionMask& mask, int64_t n, DType dtype) {
  return Tensor::from(std::vector<int64_t>(mask.lengths.begin(), mask.lengths.begin() + n), {n}, dtype);
}

}  // namespace

Weights GlobalWindow::operator()(const Tensor&, const Tensor& scores, const AttentionMask& mask,
                                 const Tensor&) const {
  check_scores("GlobalWindow", scores, mask);
  const int64_t n = scores.size(0);
  const auto full = [&](int64_t length) { return length == mask.width; };
  const bool all = std::all_of(mask.lengths.begin(), mask.lengths.begin() + n, full);
  const Tensor alpha = all ? softmax(scores, 1) : masked_softmax(scores, mask_tensor(mask, n), 1);
  return {alpha, alpha, {}};
}

Weights LocalMonotonicWindow::operator()(const Tensor&, const Tensor& scores, const AttentionMask& mask,
                                         const Tensor& position) const {
  check_scores("LocalMonotonicWindow", scores, mask);
  if (!position) throw Error("local-m attention: needs the position of each query, such as the time step");
  const Tensor alpha = masked_softmax(scores, near_mask(scores, mask, position, radius), 1);
  return {alpha, alpha, {}};
}

LocalPredictiveWindow::LocalPredictiveWindow(const WindowSizes& sizes, Rng& rng)
    : weight(init::fan_in_uniform({sizes.hidden, sizes.query}, rng)),
      v(init::fan_in_uniform({sizes.hidden}, rng)),
      radius(sizes.radius) {}

Weights LocalPredictiveWindow::operator()(const Tensor& query, const Tensor& scores, const AttentionMask& mask,
                                          const Tensor&) const {
  check_scores("LocalPredictiveWindow", scores, mask);
  if (radius < 1) throw Error("local-p attention: the radius D must be at least 1, got {}", radius);
  const int64_t n = scores.size(0);
  const Tensor center =
      lengths_of(mask, n, scores.dtype()) * sigmoid(matmul(tanh(linear(query, weight)), v));
  const Tensor inside = inside_only ? near_mask(scores, mask, center, radius) : mask_tensor(mask, n);
  const Tensor align = masked_softmax(scores, inside, 1);

  const double sigma = static_cast<double>(radius) / 2, factor = -1 / (2 * sigma * sigma);
  const Tensor positions = to(Tensor::arange(scores.size(-1)), scores.dtype());
  const auto gaussian = [factor](auto a, auto p, auto j) { return a * exp(factor * ((j - p) * (j - p))); };
  return {align, zip("local-p", gaussian, align, unsqueeze(center, -1), positions), center};
}

}  // namespace heed
