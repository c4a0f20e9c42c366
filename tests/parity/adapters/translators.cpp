#include "tests/parity/adapters/translators.h"

#include <algorithm>
#include <numeric>

#include "autograd/zip/elementwise.h"
#include "examples/translate/model/translator.h"
#include "tests/parity/adapters/cells.h"

namespace heed::parity {
namespace {

using translate::ModelSettings, translate::Translator;

// ids [B, T] of the sentences in `order`, step after step.
std::vector<int64_t> columns(const Tensor& ids, const std::vector<size_t>& order) {
  const std::vector<int64_t> all = ids.to_ids();
  const auto steps = static_cast<size_t>(ids.size(1));
  std::vector<int64_t> result;
  for (size_t t = 0; t < steps; ++t)
    for (const size_t b : order) result.push_back(all[b * steps + t]);
  return result;
}

translate::Batch batch_of(const Case& c) {
  const std::vector<int64_t> sources = c["src_len"].to_ids(), targets = c["tgt_len"].to_ids();
  std::vector<size_t> order(sources.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return targets[a] > targets[b]; });
  support::PairBatch pairs;
  pairs.size = static_cast<int64_t>(order.size());
  pairs.source_steps = c["src"].size(1);
  pairs.target_steps = c["tgt_in"].size(1);
  pairs.source = columns(c["src"], order);
  pairs.target_in = columns(c["tgt_in"], order);
  pairs.target_out = columns(c["tgt_out"], order);
  for (const size_t b : order) {
    pairs.source_lengths.push_back(sources[b]);
    pairs.target_lengths.push_back(targets[b]);
    pairs.target_tokens += targets[b];
  }
  return translate::pack_batch(pairs);
}

Tensor normalised_loss(const Case& c, const Translator& model) {
  const translate::Batch batch = batch_of(c);
  const bool token = c.text("loss_norm") == "token";
  const int64_t count = token ? batch.target_out.rows.numel() : batch.size();
  return model.loss(batch) / static_cast<double>(count);
}

template <class Cell>
std::vector<AnyCell> any(const std::vector<Cell>& cells) {
  return std::vector<AnyCell>(cells.begin(), cells.end());
}

Linear of(const Tensor& weight, const Tensor& bias = {}) {
  Linear layer;
  layer.weight = weight;
  layer.bias = bias;
  return layer;
}

}  // namespace

Tensor rnnsearch_loss(const Case& c) {
  const bool current = c.text("readout_state") == "current";
  Translator model;
  ModelSettings& s = model.settings;
  s.variant = current ? translate::Variant::main_text : translate::Variant::paper;
  s.hidden = s.encoder_hidden = c["w_s"].size(0);
  model.source_embedding.weight = c["emb_src"];
  model.target_embedding.weight = c["emb_tgt"];
  model.encoder.forward = any<GruChoCell>({make_cell<GruChoCell>(c, "_enc_f")});
  model.encoder.backward = any<GruChoCell>({make_cell<GruChoCell>(c, "_enc_b")});
  model.initial = {of(c["w_s"], c.maybe("b_s"))};
  translate::BahdanauDecoder& decoder = model.bahdanau.emplace();
  decoder.variant = s.variant;
  AdditiveScore score;
  score.query_weight = c["w_a"];
  score.key_weight = c["u_a"];
  score.v = c["v_a"];
  decoder.attention = {score, GlobalWindow{}};
  decoder.cell.layers = any<GruChoCell>({make_cell<GruChoCell>(c, "_dec")});
  decoder.context_to_cell = of(concat({c["c_z_dec"], c["c_r_dec"], c["c_h_dec"]}, 0));
  decoder.readout_state = of(c["u_o"], c.maybe("b_o"));
  decoder.readout_word = of(c["v_o"]);
  decoder.readout_context = of(c["c_o"]);
  model.output = of(c["w_o"], c.maybe("b_w"));
  return normalised_loss(c, model);
}

Tensor luong_loss(const Case& c) {
  const int64_t layers = c.integer("num_layers"), size = c["w_a"].size(0);
  Translator model;
  ModelSettings& s = model.settings;
  s.order = translate::Order::luong;
  s.cell = "lstm";
  s.layers = layers;
  s.bidirectional = false;
  s.feed = c.flag("input_feeding");
  s.hidden = s.encoder_hidden = size;
  model.source_embedding.weight = c["emb_src"];
  model.target_embedding.weight = c["emb_tgt"];
  model.encoder.forward = any(make_layers<LstmCell>(c, layers, false, "_enc").forward);
  std::vector<LstmCell> cells = make_layers<LstmCell>(c, layers, false, "_dec").forward;
  translate::LuongDecoder& decoder = model.luong.emplace();
  if (s.feed) {  // the case has the columns for the word and those for h~ in one matrix
    const Tensor both = cells[0].weight_ih;
    const int64_t word = c["emb_tgt"].size(1);
    cells[0].weight_ih = narrow(both, 1, 0, word);
    decoder.fed_to_cell = of(narrow(both, 1, word, size));
  }
  decoder.cell.layers = any(cells);
  GeneralScore score;
  score.weight = c["w_a"];
  decoder.attention = {score, GlobalWindow{}};
  decoder.combine_context = of(narrow(c["w_c"], 1, 0, size));
  decoder.combine_state = of(narrow(c["w_c"], 1, size, size));
  model.output = of(c["w_o"]);
  return normalised_loss(c, model);
}

}  // namespace heed::parity
