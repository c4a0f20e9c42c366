// What adapters of attention and of whole models share.
#pragma once

#include <numeric>

#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/attention.h"
#include "nn/attention/show_attend_tell.h"
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
  gate.gate.weight = unsqueeze(c["w_beta"], 0);
  gate.gate.bias = c["b_beta"];
  out["beta"] = squeeze(gate(Tensor::full({1}, 1, c.dtype), h), -1);
  return gate(context, h);
}

// Padded annotations [B, T, K] as rows [B T, K], and queries [B, Q] or [B, U, Q] as rows, each of which attends to
// the first positions of its own sentence.
struct Padded {
  Tensor query, annotations;
  SharedMask mask, everywhere;  // everywhere: to all T positions, for scores beyond a sentence's end
  Shape lead;                   // [B] or [B, U]

  // `lengths` of the sentences; empty: all T.
  Padded(const Tensor& queries, const Tensor& keys, const std::vector<int64_t>& lengths)
      : query(reshape(queries, {-1, queries.size(-1)})), annotations(reshape(keys, {-1, keys.size(2)})) {
    for (int i = 0; i + 1 < queries.rank(); ++i) lead.push_back(queries.size(i));
    const int64_t width = keys.size(1), each = lead.rank() == 2 ? lead[1] : 1;
    AttentionMask all{width, {}, std::vector<int64_t>(static_cast<size_t>(query.size(0)), width)}, some = all;
    for (int64_t q = 0; q < query.size(0); ++q) {
      for (int64_t t = 0; t < width; ++t) all.rows.push_back(q / each * width + t);
      if (!lengths.empty()) some.lengths[static_cast<size_t>(q)] = lengths[static_cast<size_t>(q / each)];
    }
    some.rows = all.rows;
    everywhere = std::make_shared<const AttentionMask>(std::move(all));
    mask = std::make_shared<const AttentionMask>(std::move(some));
  }
  // [rows, X] as [B, X] or [B, U, X].
  Tensor shaped(const Tensor& x) const {
    Shape shape = lead;
    for (int i = 1; i < x.rank(); ++i) shape.push_back(x.size(i));
    return reshape(x, shape);
  }
};

// Part by part, so that there are scores beyond a sentence's end, too.
template <class Score, class Window, class Reading = SoftReading>
Attended attend(const Padded& p, const Score& score, const Window& window, const Tensor& position = {},
                const Reading& reading = {}) {
  const Tensor keys = score.prepare(p.annotations), scores = score(p.query, keys, p.everywhere);
  const Focus focus = window.focus(p.query, p.mask, position);
  const Weights found = window(score(p.query, keys, focus.mask), focus);
  const Tensor weights = reading(found.alpha), context = weighted_rows(weights, p.annotations, focus.mask);
  const auto whole = [&](const Tensor& columns) { return p.shaped(by_position(columns, *focus.mask, *p.mask)); };
  return {p.shaped(context), whole(found.alpha), whole(weights),
          p.shaped(scores),  whole(found.align), {focus.mask, focus.center ? p.shaped(focus.center) : Tensor()}};
}

// The attentional vector of Luong et al. (5): h~ = tanh(W_c [c; q]).
inline Tensor attentional_vector(const Case& c, const Tensor& context, const Tensor& query) {
  return tanh(linear(concat({context, query}, -1), c["w_c"]));
}

// Always the given positions: one-hot, of the shape of alpha.
struct GivenReading {
  Tensor onehot;
  Tensor operator()(const Tensor& alpha) const { return to(reshape(onehot, alpha.shape()), alpha.dtype()); }
};

// lambda / B times the regulariser of alpha [B, T, L]; steps that `step_mask` [B, T] leaves out count nothing.
inline Tensor regulariser(const Case& c, const Tensor& alpha, const Tensor& step_mask) {
  const Tensor counted = step_mask ? alpha * unsqueeze(to(step_mask, alpha.dtype()), -1) : alpha;
  const double scale = c.number("lambda") / static_cast<double>(std::max<int64_t>(alpha.size(0), 1));
  return scale * doubly_stochastic(pack(contiguous(transpose(counted, 0, 1))));
}

// How many positions each line of a mask [B, T] keeps; all of them are at its beginning.
inline std::vector<int64_t> lengths_of(const Tensor& mask) {
  std::vector<int64_t> lengths;
  if (!mask) return lengths;
  const std::vector<int64_t> ones = mask.to_ids();
  const int64_t width = mask.size(1);
  for (int64_t b = 0; b < mask.size(0); ++b)
    lengths.push_back(std::accumulate(ones.begin() + b * width, ones.begin() + (b + 1) * width, int64_t{0}));
  return lengths;
}

}  // namespace heed::parity
