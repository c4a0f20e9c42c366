// Adapters: translators and a language model, put together from the library's layers.
#include "autograd/ops/indexing.h"
#include "autograd/ops/matmul.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/maxout.h"
#include "tests/parity/adapters/cells.h"
#include "tests/parity/adapters/models.h"
#include "tests/parity/adapters/translators.h"
#include "tests/parity/adapters/word_loss.h"

namespace heed::parity {
namespace {

// The vectors of the source words, without padding.
Packed source_words(const Case& c) {
  return pack(embedding(c["emb_src"], transpose(c["src"], 0, 1)), c["src_len"].to_ids());
}

// [B, S, ..] of packed rows.
Tensor batch_first(const Packed& rows, const Case& c) { return transpose(unpack(rows, c["src"].size(1)), 0, 1); }

// The decoder's unit with the suffix _dec; besides words it reads the context: C_z, C_r, C_h.
struct ContextCell {
  GruChoCell cell;
  Tensor context_weight;

  explicit ContextCell(const Case& c)
      : cell(make_cell<GruChoCell>(c, "_dec")),
        context_weight(concat({c["c_z_dec"], c["c_r_dec"], c["c_h_dec"]}, 0)) {}
  Tensor operator()(const Tensor& word, const Tensor& context, const Tensor& s) const {
    return cell.step(linear_onto(cell.project(word), context, context_weight), {s, {}}).h;
  }
};

// U_o s + V_o y + C_o c + b
Tensor deep_output(const Case& c, const Tensor& s, const Tensor& word, const Tensor& context, const char* bias) {
  return linear_onto(linear_onto(linear(s, c["u_o"], c.maybe(bias)), word, c["v_o"]), context, c["c_o"]);
}

Tensors run_rnnsearch(const Case& c) {
  Recurrent<GruChoCell> encoder;
  encoder.forward.push_back(make_cell<GruChoCell>(c, "_enc_f"));
  encoder.backward.push_back(make_cell<GruChoCell>(c, "_enc_b"));
  const auto [rows, last] = encoder(source_words(c));
  const Tensor annotations = batch_first(rows, c);
  AdditiveScore score;
  score.query_weight = c["w_a"];
  score.key_weight = c["u_a"];
  score.v = c["v_a"];
  const Attention attention{score, GlobalWindow{}};
  const ContextCell decoder(c);
  const bool current = c.text("readout_state") == "current";
  Tensor s = tanh(linear(last.h[1], c["w_s"], c.maybe("b_s")));
  const Padded source(s, annotations, c["src_len"].to_ids());
  const AttentionMemory memory = attention.remember(source.annotations, source.mask);
  std::vector<Tensor> logits, alphas;
  for (const Tensor& ids : split_steps(c["tgt_in"])) {
    const Tensor word = embedding(c["emb_tgt"], ids);
    const Attended attended = attention(s, memory);
    const Tensor& context = attended.context;
    const Tensor next = decoder(word, context, s);
    const Tensor t = maxout(deep_output(c, current ? next : s, word, context, "b_o"), c.integer("maxout_pool"));
    logits.push_back(linear(t, c["w_o"], c.maybe("b_w")));
    alphas.push_back(attended.alpha);
    s = next;
  }
  Tensors out = word_loss(c, stack(logits, 1), c["tgt_out"], c["tgt_len"]);
  out["annotations"] = annotations;
  out["alpha"] = stack(alphas, 1);
  // The loss and all gradients are those of the program, which has maxout units of two.
  if (c.integer("maxout_pool") == 2) out["loss"] = rnnsearch_loss(c);
  return out;
}

Tensors run_rnnencdec(const Case& c) {
  Recurrent<GruChoCell> encoder;
  encoder.forward.push_back(make_cell<GruChoCell>(c, "_enc"));
  const Tensor context = encoder(source_words(c)).last.h[0];
  const ContextCell decoder(c);
  Tensor s = tanh(linear(context, c["w_s"], c.maybe("b_s")));
  std::vector<Tensor> logits;
  for (const Tensor& ids : split_steps(c["tgt_in"])) {
    const Tensor word = embedding(c["emb_tgt"], ids);
    s = decoder(word, context, s);
    logits.push_back(deep_output(c, s, word, context, "b_w"));
  }
  Tensors out = word_loss(c, stack(logits, 1), c["tgt_out"], c["tgt_len"]);
  out["context"] = context;
  return out;
}

AnyScore luong_score(const Case& c) {
  const std::string kind = c.text("score");
  if (kind == "dot") return DotScore{};
  if (kind != "general") throw Error("luong_seq2seq: unknown score {}", kind);
  GeneralScore general;
  general.weight = c["w_a"];
  return general;
}

Tensors run_luong(const Case& c) {
  const int64_t layers = c.integer("num_layers");
  const auto encoder = make_layers<LstmCell>(c, layers, false, "_enc");
  const auto decoder = make_layers<LstmCell>(c, layers, false, "_dec");
  const auto [rows, last] = encoder(source_words(c));
  const Attention attention{luong_score(c), GlobalWindow{}};
  const Padded source(last.h[0], batch_first(rows, c), c["src_len"].to_ids());
  const AttentionMemory memory = attention.remember(source.annotations, source.mask);
  std::vector<State> states;
  for (int64_t l = 0; l < layers; ++l) states.push_back({last.h[l], last.c[l]});
  Tensor told = Tensor::zeros({c["src"].size(0), c["w_c"].size(0)}, c.dtype);  // h~ of the step before
  std::vector<Tensor> logits, alphas;
  for (const Tensor& ids : split_steps(c["tgt_in"])) {
    Tensor x = embedding(c["emb_tgt"], ids);
    if (c.flag("input_feeding")) x = concat({x, told}, 1);
    for (size_t l = 0; l < states.size(); ++l) {
      states[l] = decoder.forward[l](x, states[l]);
      x = states[l].h;
    }
    const Attended attended = attention(x, memory);
    told = attentional_vector(c, attended.context, x);
    logits.push_back(linear(told, c["w_o"]));
    alphas.push_back(attended.alpha);
  }
  Tensors out = word_loss(c, stack(logits, 1), c["tgt_out"], c["tgt_len"]);
  out["alpha"] = stack(alphas, 1);
  out["loss"] = luong_loss(c);  // and all gradients: those of the program
  return out;
}

Tensors run_lstm_lm(const Case& c) {
  const auto net = make_layers<LstmCell>(c, c.integer("num_layers"), false);
  const Packed words = pack(embedding(c["emb"], transpose(c["x"], 0, 1)), c["lengths"].to_ids());
  const Tensor h = transpose(unpack(net(words).outputs, c["x"].size(1)), 0, 1);
  const Tensor logits = linear(h, c.flag("tied") ? c["emb"] : c["w_o"], c.maybe("b_o"));
  return word_loss(c, logits, c["target"], c["lengths"]);
}

const Registry kModel = {
    {"rnnsearch", run_rnnsearch},
    {"rnnencdec", run_rnnencdec},
    {"luong_seq2seq", run_luong},
    {"lstm_lm", run_lstm_lm},
};

}  // namespace

const Registry& model_adapters() { return kModel; }

}  // namespace heed::parity
