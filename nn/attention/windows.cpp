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

void check_scores(const char* window, const Tensor& scores, const Focus& focus) {
  check_defined(window, scores);
  if (!focus.mask) throw Error("{}: got no mask that says who may attend to what", window);
  const AttentionMask& mask = *focus.mask;
  if (scores.rank() != 2 || scores.size(1) != mask.width || scores.size(0) > mask.queries())
    throw Error("{}: the scores {} do not fit a mask of {} queries with {} positions", window, describe(scores),
                mask.queries(), mask.width);
}

void check_focus(const char* window, const Tensor& query, const SharedMask& mask) {
  check_defined(window, query);
  if (!mask) throw Error("{}: got no mask that says who may attend to what", window);
  if (query.rank() != 2 || query.size(0) > mask->queries())
    throw Error("{}: the queries {} do not fit a mask of {}", window, describe(query), mask->queries());
}

Tensor softmax_within(const Tensor& scores, const AttentionMask& mask) {
  const int64_t n = scores.size(0);
  const auto full = [&](int64_t length) { return length == mask.width; };
  const bool all = std::all_of(mask.lengths.begin(), mask.lengths.begin() + n, full);
  return all ? softmax(scores, 1) : masked_softmax(scores, mask_tensor(mask, n), 1);
}

// The positions j with |j - center_b| <= radius, of n queries. Nothing is near a NaN.
SharedMask near(const AttentionMask& mask, int64_t n, const std::vector<double>& centers, int64_t radius) {
  if (static_cast<int64_t>(centers.size()) != n)
    throw Error("local attention: one position is wanted for each query, got {} for {} queries", centers.size(), n);
  std::vector<int64_t> from, to;
  const auto reach = static_cast<double>(radius), width = static_cast<double>(mask.width);
  const auto place = [&](double j) {
    return static_cast<int64_t>(std::clamp(j, -1.0, width));
  };  // others may overflow
  for (const double p : centers) {
    from.push_back(std::isnan(p) ? 0 : place(std::ceil(p - reach)));
    to.push_back(std::isnan(p) ? -1 : place(std::floor(p + reach)));
  }
  return within(mask, from, to, radius < mask.width ? 2 * radius + 1 : mask.width);
}

// S of each of the first n queries, in the type of `like`.
Tensor lengths_of(const AttentionMask& mask, int64_t n, DType dtype) {
  return Tensor::from(std::vector<int64_t>(mask.lengths.begin(), mask.lengths.begin() + n), {n}, dtype);
}

// j of each column, [n, W].
Tensor positions_of(const AttentionMask& mask, int64_t n, DType dtype) {
  if (mask.first.empty()) return to(Tensor::arange(mask.width), dtype);
  Tensor first = Tensor::from(std::vector<int64_t>(mask.first.begin(), mask.first.begin() + n), {n, 1}, dtype);
  return first + to(Tensor::arange(mask.width), dtype);
}

}  // namespace

Focus GlobalWindow::focus(const Tensor& query, const SharedMask& mask, const Tensor&) const {
  check_focus("GlobalWindow", query, mask);
  return {mask};
}

Weights GlobalWindow::operator()(const Tensor& scores, const Focus& focus) const {
  check_scores("GlobalWindow", scores, focus);
  const Tensor alpha = softmax_within(scores, *focus.mask);
  return {alpha, alpha};
}

Focus LocalMonotonicWindow::focus(const Tensor& query, const SharedMask& mask, const Tensor& position) const {
  check_focus("LocalMonotonicWindow", query, mask);
  if (!position) throw Error("local-m attention: needs the position of each query, such as the time step");
  return {near(*mask, query.size(0), position.to_vector(), radius)};
}

Weights LocalMonotonicWindow::operator()(const Tensor& scores, const Focus& focus) const {
  check_scores("LocalMonotonicWindow", scores, focus);
  const Tensor alpha = softmax_within(scores, *focus.mask);
  return {alpha, alpha};
}

LocalPredictiveWindow::LocalPredictiveWindow(const WindowSizes& sizes, Rng& rng)
    : weight(init::fan_in_uniform({sizes.hidden, sizes.query}, rng)),
      v(init::fan_in_uniform({sizes.hidden}, rng)),
      radius(sizes.radius) {}

Focus LocalPredictiveWindow::focus(const Tensor& query, const SharedMask& mask, const Tensor&) const {
  check_focus("LocalPredictiveWindow", query, mask);
  if (radius < 1) throw Error("local-p attention: the radius D must be at least 1, got {}", radius);
  const int64_t n = query.size(0);
  const Tensor center = lengths_of(*mask, n, query.dtype()) * sigmoid(matmul(tanh(linear(query, weight)), v));
  if (!inside_only) return {mask, center};
  std::vector<double> centers = center.to_vector();
  for (double& p : centers)
    if (std::isnan(p)) p = 0;  // somewhere, for its weights will be NaN
  return {near(*mask, n, centers, radius), center};
}

Weights LocalPredictiveWindow::operator()(const Tensor& scores, const Focus& focus) const {
  check_scores("LocalPredictiveWindow", scores, focus);
  check_defined("LocalPredictiveWindow", focus.center);
  const Tensor align = softmax_within(scores, *focus.mask);
  const double sigma = static_cast<double>(radius) / 2, factor = -1 / (2 * sigma * sigma);
  const Tensor positions = positions_of(*focus.mask, scores.size(0), scores.dtype());
  const auto gaussian = [factor](auto a, auto p, auto j) { return a * exp(factor * ((j - p) * (j - p))); };
  return {align, zip("local-p", gaussian, align, unsqueeze(focus.center, -1), positions)};
}

}  // namespace heed
