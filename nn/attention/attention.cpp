#include "nn/attention/attention.h"

#include <cmath>

#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/zip.h"

namespace heed {

AttentionalVector::AttentionalVector(int64_t context, int64_t query, int64_t out, Rng& rng) {
  const double bound = 1 / std::sqrt(static_cast<double>(context + query));
  weight = rng.uniform({out, context + query}, -bound, bound);
}

Tensor AttentionalVector::operator()(const Tensor& context, const Tensor& query) const {
  return tanh(linear(concat({context, query}, -1), weight));
}

ContextGate::ContextGate(int64_t hidden, Rng& rng) : bias(Tensor::zeros({1})) {
  const double bound = 1 / std::sqrt(static_cast<double>(hidden));
  weight = rng.uniform({hidden}, -bound, bound);
}

Tensor ContextGate::operator()(const Tensor& h) const { return sigmoid(matmul(h, weight) + bias); }

Tensor doubly_stochastic(const Tensor& alpha, double lambda, const Tensor& step_mask) {
  if (!alpha || alpha.rank() != 3)
    throw Error("doubly_stochastic: wants alpha [B, T, L], got {}", describe(alpha));
  const Tensor counted = step_mask ? alpha * unsqueeze(to(step_mask, alpha.dtype()), -1) : alpha;
  const Tensor share = sum(counted, {1});
  const double scale = lambda / static_cast<double>(std::max<int64_t>(alpha.size(0), 1));
  const auto penalty = [scale](auto s) { return scale * ((1 - s) * (1 - s)); };
  return sum(zip("doubly_stochastic", penalty, share));
}

}  // namespace heed
