#include "nn/attention/show_attend_tell.h"

#include "autograd/ops/reduce.h"
#include "autograd/zip/zip.h"

namespace heed {

Tensor ContextGate::operator()(const Tensor& context, const Tensor& query) const {
  if (!gate.weight) return context;
  return zip(
      "context_gate", [](auto b, auto c) { return sigmoid(b) * c; }, gate(query), context);
}

Tensor doubly_stochastic(const Packed& alpha) {
  if (!alpha.rows || alpha.rows.rank() != 2)
    throw Error("doubly_stochastic: wants alpha as packed rows [N, S], got {}", describe(alpha.rows));
  const Tensor shares = sum(unpack(alpha), {0});  // [B, S]
  return sum(zip(
      "doubly_stochastic", [](auto share) { return (1 - share) * (1 - share); }, shares));
}

}  // namespace heed
