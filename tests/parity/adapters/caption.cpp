// Adapters: Show, Attend and Tell, soft and hard, put together from the library's layers.
#include "autograd/ops/indexing.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "nn/attention/hard_attention.h"
#include "nn/attention/multi_head.h"
#include "tests/parity/adapters/cells.h"
#include "tests/parity/adapters/models.h"
#include "tests/parity/adapters/word_loss.h"

namespace heed::parity {
namespace {

Tensor initial(const Case& c, const char* weight, const char* bias) {
  return tanh(linear(mean(c["a"], {1}), c[weight], c[bias]));
}

Tensor logits_of(const Case& c, const Tensor& word, const Tensor& h, const Tensor& z) {
  return linear(word + linear(h, c["l_h"]) + linear(z, c["l_z"]), c["l_o"], c["b_o"]);
}

// Runs the decoder. weights(alpha, t) says with what to read at step t. Gives logp, alpha, beta and
// scores of all steps.
template <class Weights>
Tensors run_steps(const Case& c, Weights weights) {
  const LstmCell cell = make_cell<LstmCell>(c, "");
  State state{initial(c, "w_init_h", "b_init_h"), initial(c, "w_init_c", "b_init_c")};
  std::vector<Tensor> logits, alphas, betas, scores;
  for (const Tensor& ids : split_steps(c["cap_in"])) {
    const auto reading = [&](const Tensor& alpha) { return weights(alpha, static_cast<int64_t>(alphas.size())); };
    const Attended attended = attend({state.h, c["a"], {}}, sat_score(c), GlobalWindow{}, {}, reading);
    Tensors gate;
    const Tensor z = gated(c, state.h, attended.context, gate);
    const Tensor word = embedding(c["emb"], ids);
    state = cell(concat({word, z}, 1), state);
    logits.push_back(logits_of(c, word, state.h, z));
    alphas.push_back(attended.alpha);
    scores.push_back(attended.scores);
    if (gate.count("beta")) betas.push_back(gate["beta"]);
  }
  Tensors out{{"logp", masked_logp(c, stack(logits, 1), c["cap_out"], c["cap_len"])},
              {"alpha", stack(alphas, 1)},
              {"scores", stack(scores, 1)}};
  if (!betas.empty()) out["beta"] = stack(betas, 1);
  return out;
}

Tensor step_mask(const Case& c) { return length_mask(c["cap_len"].to_ids(), c["cap_in"].size(1)); }

Tensors run_soft(const Case& c) {
  Tensors out = run_steps(c, [](const Tensor& alpha, int64_t) { return alpha; });
  out["nll"] = sum(out["logp"]) / -static_cast<double>(c["a"].size(0));
  out["reg"] = regulariser(c, out["alpha"], step_mask(c));
  out["loss"] = out["nll"] + out["reg"];
  return out;
}

Tensors run_hard(const Case& c) {
  const Tensor& onehot = c["onehot"];
  Tensors out =
      run_steps(c, [&](const Tensor& alpha, int64_t t) { return GivenReading{select(onehot, 1, t)}(alpha); });
  out["log_pi"] = log_choice(out["scores"], onehot);
  out["entropy"] = attention_entropy(out["scores"]);
  const HardAttentionTerms terms{out["logp"], out["log_pi"], out["entropy"],
                                 c["reward"], c["baseline"], step_mask(c)};
  out["loss"] = hard_attention_loss(terms, c.number("lambda_r"), c.number("lambda_e"));
  return out;
}

const Registry kCaption = {{"sat_soft", run_soft}, {"sat_hard", run_hard}};

}  // namespace

const Registry& caption_adapters() { return kCaption; }

}  // namespace heed::parity
