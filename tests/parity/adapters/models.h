// What adapters of attention and of whole models share.
#pragma once

#include "autograd/views/views.h"
#include "nn/attention/attention.h"
#include "tests/parity/parity.h"

namespace heed::parity {

// The scores of Show, Attend and Tell: v^T tanh(W_a a_i + W_h h + b) + b_v.
inline AdditiveScore sat_score(const Case& c) {
  AdditiveScore score;
  score.query_weight = c["w_h"];
  score.key_weight = c["w_a"];
  score.bias = c["b"];
  score.v = c["v"];
  score.v_bias = c["b_v"];
  return score;
}

// z = beta context, beta = sigma(w_beta h + b_beta), which is added to `out`; the
// context itself without `beta_gate`.
inline Tensor gated(const Case& c, const Tensor& h, const Tensor& context, Tensors& out) {
  if (!c.flag("beta_gate")) return context;
  ContextGate gate;
  gate.weight = c["w_beta"];
  gate.bias = c["b_beta"];
  out["beta"] = gate(h);
  return unsqueeze(out["beta"], -1) * context;
}

}  // namespace heed::parity
