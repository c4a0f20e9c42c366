#include "nn/attention/attention_window.h"

#include <cmath>

#include "autograd/ops/matmul.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed {
namespace {

// i64 of the shape of `scores` [.., T]: 1 where |s - center| <= radius, one center for each line.
Tensor near_mask(const Tensor& scores, const Tensor& center, int64_t radius) {
  const int64_t positions = scores.size(-1);
  const std::vector<double> centers = center.to_vector();
  if (static_cast<int64_t>(centers.size()) * positions != scores.numel())
    throw Error("local attention: one position is wanted for each query, got {} for the scores {}",
                describe(center), describe(scores));
  Tensor mask = Tensor::empty(scores.shape(), DType::i64);
  int64_t* to = mask.mutable_data<int64_t>();
  for (double p : centers)
    for (int64_t s = 0; s < positions; ++s)
      *to++ = std::abs(static_cast<double>(s) - p) <= static_cast<double>(radius);
  return mask;
}

Tensor softmax_over(const Tensor& scores, const Tensor& mask) {
  return mask ? masked_softmax(scores, mask, -1) : softmax(scores, -1);
}

}  // namespace

Weights GlobalWindow::operator()(const Tensor&, const Tensor& scores, const AttentionMemory& memory,
                                 const Tensor&) const {
  const Tensor alpha = softmax_over(scores, mask_for(scores, memory.mask));
  return {alpha, alpha, {}};
}

Weights LocalMonotonicWindow::operator()(const Tensor&, const Tensor& scores, const AttentionMemory& memory,
                                         const Tensor& position) const {
  if (!position) throw Error("local-m attention: needs the position of each query, such as the time step");
  const Tensor mask = both(mask_for(scores, memory.mask), near_mask(scores, position, radius));
  const Tensor alpha = masked_softmax(scores, mask, -1);
  return {alpha, alpha, {}};
}

LocalPredictiveWindow::LocalPredictiveWindow(int64_t query, int64_t hidden, int64_t window_radius, Rng& rng)
    : radius(window_radius) {
  const double of_query = 1 / std::sqrt(static_cast<double>(query));
  const double of_hidden = 1 / std::sqrt(static_cast<double>(hidden));
  weight = rng.uniform({hidden, query}, -of_query, of_query);
  v = rng.uniform({hidden}, -of_hidden, of_hidden);
}

Weights LocalPredictiveWindow::operator()(const Tensor& query, const Tensor& scores,
                                          const AttentionMemory& memory, const Tensor&) const {
  if (radius < 1) throw Error("local-p attention: the radius D must be at least 1, got {}", radius);
  Tensor lengths = lengths_of(memory);
  if (query.rank() == 3) lengths = unsqueeze(lengths, 1);
  const Tensor center = lengths * sigmoid(matmul(tanh(linear(query, weight)), v));
  Tensor mask = mask_for(scores, memory.mask);
  if (inside_only) mask = both(mask, near_mask(scores, center, radius));
  const Tensor align = softmax_over(scores, mask);

  const double sigma = static_cast<double>(radius) / 2, factor = -1 / (2 * sigma * sigma);
  const Tensor positions = to(Tensor::arange(scores.size(-1)), scores.dtype());
  const auto gaussian = [factor](auto a, auto p, auto s) { return a * exp(factor * ((s - p) * (s - p))); };
  return {align, zip("local-p", gaussian, align, unsqueeze(center, -1), positions), center};
}

Weights AnyWindow::operator()(const Tensor& query, const Tensor& scores, const AttentionMemory& memory,
                              const Tensor& position) const {
  return std::visit([&](const auto& chosen) { return chosen(query, scores, memory, position); }, window);
}

}  // namespace heed
