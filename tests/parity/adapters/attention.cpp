// Adapters: attention, each mechanism as its choice of score, window and reading.
#include "nn/attention/attention.h"

#include "autograd/ops/softmax.h"
#include "nn/attention/hard_attention.h"
#include "nn/attention/multi_head.h"
#include "tests/parity/adapters/models.h"

namespace heed::parity {
namespace {

template <class Score>
Tensors attend_everywhere(const Case& c, const Score& score) {
  const Attended attended = attend({c["query"], c["keys"], lengths_of(c.maybe("mask"))}, score, GlobalWindow{});
  Tensors out{{"scores", attended.scores}, {"alpha", attended.alpha}, {"context", attended.context}};
  if (c.flag("attentional")) out["attentional"] = attentional_vector(c, attended.context, c["query"]);
  return out;
}

GeneralScore general_score(const Case& c) {
  GeneralScore score;
  score.weight = c["w"];
  return score;
}

Tensors run_additive(const Case& c) {
  AdditiveScore score;
  score.query_weight = c["w_query"];
  score.key_weight = c["w_key"];
  score.bias = c.maybe("bias");
  score.v = c["v"];
  return attend_everywhere(c, score);
}

Tensors run_concat(const Case& c) {
  ConcatScore score;
  score.weight = c["w"];
  score.v = c["v"];
  return attend_everywhere(c, score);
}

Tensors run_location(const Case& c) {
  LocationScore score;
  score.weight = c["w"];
  return attend_everywhere(c, score);
}

AnyScore local_score(const Case& c) {
  const std::string kind = c.text("score");
  if (kind == "dot") return DotScore{};
  if (kind == "general") return general_score(c);
  throw Error("local attention: unknown score {}", kind);
}

Tensors run_local_m(const Case& c) {
  LocalMonotonicWindow window;
  window.radius = c.integer("window");
  const Attended attended =
      attend({c["query"], c["keys"], c["lengths"].to_ids()}, local_score(c), window, c["center"]);
  return {{"scores", attended.scores}, {"alpha", attended.alpha}, {"context", attended.context}};
}

Tensors run_local_p(const Case& c) {
  LocalPredictiveWindow window;
  window.weight = c["w_p"];
  window.v = c["v_p"];
  window.radius = c.integer("window");
  window.inside_only = c.flag("hard_window");
  if (c.number("sigma") != static_cast<double>(window.radius) / 2)
    throw Error("local_p_attention: sigma {} is not half of the window {}", c.number("sigma"), window.radius);
  const Attended attended = attend({c["query"], c["keys"], c["lengths"].to_ids()}, local_score(c), window);
  return {{"scores", attended.scores},
          {"align", attended.align},
          {"alpha", attended.alpha},
          {"context", attended.context},
          {"p", attended.focus.center}};
}

Tensors run_scaled_dot_product(const Case& c) {
  const auto [y, alpha] = scaled_dot_product(
      c["q"], c["k"], c["v"], {.scale = c.number("scale"), .mask = c.maybe("mask"), .causal = c.flag("causal")});
  return {{"y", y}, {"alpha", alpha}};
}

Tensors run_multi_head(const Case& c) {
  MultiHeadAttention layer;
  layer.heads = c.integer("heads");
  layer.in_proj_weight = c["in_proj_weight"];
  layer.in_proj_bias = c.maybe("in_proj_bias");
  layer.out_proj_weight = c["out_proj_weight"];
  layer.out_proj_bias = c.maybe("out_proj_bias");
  const bool self = c.flag("self_attention");
  const Tensor& query = c["query"];
  const auto [y, alpha] =
      layer(query, self ? query : c["key"], self ? query : c["value"], c.maybe("mask"), c.flag("causal"));
  return {{"y", y}, {"alpha", alpha}};
}

// --- Show, Attend and Tell

// One state [B, H] or those of all steps [B, T, H].
Tensors run_sat_soft(const Case& c) {
  const Attended attended = attend({c["h"], c["a"], {}}, sat_score(c), GlobalWindow{});
  Tensors out{{"scores", attended.scores}, {"alpha", attended.alpha}};
  out["z"] = gated(c, c["h"], attended.context, out);
  if (c.attrs.contains("lambda")) out["reg"] = regulariser(c, attended.alpha, c.maybe("step_mask"));
  return out;
}

Tensors run_doubly_stochastic(const Case& c) { return {{"reg", regulariser(c, c["alpha"], c.maybe("step_mask"))}}; }

Tensors run_hard_surrogate(const Case& c) {
  const Tensor& scores = c["scores"];
  const HardAttentionTerms terms{
      c["logp"],           log_choice(scores, c["onehot"]), attention_entropy(scores), c["reward"], c["baseline"],
      c.maybe("step_mask")};
  return {{"alpha", softmax(scores)},
          {"log_pi", terms.log_pi},
          {"entropy", terms.entropy},
          {"loss", hard_attention_loss(terms, c.number("lambda_r"), c.number("lambda_e"))}};
}

Tensors run_hard_full_step(const Case& c) {
  const Attended attended = attend({c["h"], c["a"], {}}, sat_score(c), GlobalWindow{}, {}, GivenReading{c["onehot"]});
  const Tensor no_words = Tensor::zeros({c["h"].size(0), c["h"].size(1)}, c.dtype);
  const HardAttentionTerms terms{no_words,
                                 log_choice(attended.scores, c["onehot"]),
                                 attention_entropy(attended.scores),
                                 c["reward"],
                                 c["baseline"],
                                 {}};
  return {{"scores", attended.scores},
          {"alpha", attended.alpha},
          {"z", attended.context},
          {"loss", hard_attention_loss(terms, c.number("lambda_r"), c.number("lambda_e"))}};
}

Tensors run_moving_baseline(const Case& c) {
  MovingBaseline baseline{.rho = c.number("rho")};
  std::vector<double> values;
  for (double reward : c["rewards"].to_vector()) values.push_back(baseline.update(reward));
  return {{"baseline", Tensor::from(values, c["rewards"].shape(), c.dtype)}};
}

const Registry kAttention = {
    {"additive_attention", run_additive},
    {"additive_attention_multi", run_additive},
    {"dot_attention", [](const Case& c) { return attend_everywhere(c, DotScore{}); }},
    {"general_attention", [](const Case& c) { return attend_everywhere(c, general_score(c)); }},
    {"concat_attention", run_concat},
    {"location_attention", run_location},
    {"local_m_attention", run_local_m},
    {"local_p_attention", run_local_p},
    {"scaled_dot_product", run_scaled_dot_product},
    {"multi_head_attention", run_multi_head},
    {"sat_soft_step", run_sat_soft},
    {"sat_soft_steps", run_sat_soft},
    {"doubly_stochastic", run_doubly_stochastic},
    {"sat_hard_surrogate", run_hard_surrogate},
    {"sat_hard_context",
     [](const Case& c) {
       const Padded p(c["onehot"], c["a"], {});  // the choices stand in for queries
       return Tensors{{"z", p.shaped(weighted_rows(to(p.query, c.dtype), p.annotations, p.mask))}};
     }},
    {"sat_hard_full_step", run_hard_full_step},
    {"moving_baseline", run_moving_baseline},
};

}  // namespace

const Registry& attention_adapters() { return kAttention; }

}  // namespace heed::parity
