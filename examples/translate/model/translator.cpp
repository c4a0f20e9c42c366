#include "examples/translate/model/translator.h"

#include "autograd/ops/indexing.h"
#include "autograd/ops/matmul.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/support/text/vocabulary.h"
#include "nn/layers/dropout.h"
#include "nn/losses/linear_cross_entropy.h"
#include "nn/recurrent/cells.h"

namespace heed::translate {
namespace {

void check(const ModelSettings& s) {
  if (s.source_words < 5 || s.target_words < 5)
    throw Error(
        "translator: vocabularies of {} and {} words, of which 4 are <pad>, <s>, </s>, <unk>, hold no word "
        "of the "
        "text; lower --min-count or give more text",
        s.source_words, s.target_words);
  if (s.tied && s.readout != s.embedding)
    throw Error("translator: tied embeddings need a readout as wide as the embedding, but {} and {} were given",
                s.readout, s.embedding);
  if (s.tied && s.output_rank) throw Error("translator: tied embeddings and an output rank exclude each other");
  if (s.attention != AttentionKind::soft && s.model == ModelKind::fixed)
    throw Error("translator: a fixed context is not looked at, so there is no {} attention to it",
                name_of(attention_kinds, s.attention));
  if (s.feed && s.order != Order::luong)
    throw Error("translator: input feeding is of order luong; order bahdanau reads the context itself");
  if (s.posterior_feeding && s.attention != AttentionKind::latent)
    throw Error("translator: the posterior of the places is latent attention's; {} attention has none to feed",
                name_of(attention_kinds, s.attention));
  if (s.forget_bias != 0 && s.cell != "lstm")
    throw Error("translator: a forget bias is the LSTM's; the cell {} has no forget gate", s.cell);
  if (s.takes_over_states() && s.hidden != s.encoder_hidden)
    throw Error(
        "translator: order luong begins where a forward encoder ended, so both have states of one size, but {} and {} "
        "were given",
        s.hidden, s.encoder_hidden);
}

// The ids with some of them, drawn by chance, replaced by <unk>.
Tensor lose_words(const Tensor& ids, double probability, Rng& rng) {
  const Tensor lost = to(rng.bernoulli_mask(ids.shape(), probability), DType::i64), from = densify(ids);
  Tensor read = Tensor::empty(ids.shape(), DType::i64);
  for (int64_t i = 0; i < ids.numel(); ++i)
    read.mutable_data<int64_t>()[i] =
        lost.data<int64_t>()[i] ? support::Vocabulary::unknown : from.data<int64_t>()[i];
  return read;
}

// i64 [N]: the row of each sentence's words from the last to the first, with its </s>, which stays the last. It leads
// there and back.
Tensor turned_round(const Packed& source) {
  std::vector<int64_t> first, row;  // of each step
  int64_t rows = 0;
  for (const int64_t active : source.active) {
    first.push_back(rows);
    rows += active;
  }
  std::vector<int64_t> lengths(source.active.empty() ? 0 : static_cast<size_t>(source.active[0]));
  for (const int64_t active : source.active)
    for (int64_t b = 0; b < active; ++b) ++lengths[static_cast<size_t>(b)];
  for (int64_t t = 0; t < source.steps(); ++t)
    for (int64_t b = 0; b < source.active[static_cast<size_t>(t)]; ++b) {
      const int64_t last = lengths[static_cast<size_t>(b)] - 1;
      row.push_back(first[static_cast<size_t>(t == last ? last : last - 1 - t)] + b);
    }
  return Tensor::from(row);
}

}  // namespace

Translator::Translator(const ModelSettings& chosen, Rng& rng) : settings(chosen) {
  check(settings);
  const ModelSettings& s = settings;
  source_embedding = Embedding(s.source_words, s.embedding, rng, 0.1);
  target_embedding = Embedding(s.target_words, s.embedding, rng, 0.1);
  const RecurrentShape shape{.layers = static_cast<int>(s.layers), .bidirectional = s.directions() == 2};
  encoder =
      Recurrent<AnyCell>(s.embedding, s.encoder_hidden, shape, rng, choose(recurrent_cells, "cell", s.cell).make);
  for (int64_t l = 0; !s.takes_over_states() && l < s.layers; ++l) {
    initial.emplace_back(s.encoder_hidden, s.hidden, rng);
    if (encoder.forward[0].has_memory) initial_memory.emplace_back(s.encoder_hidden, s.hidden, rng);
  }
  if (s.order == Order::bahdanau) bahdanau.emplace(s, rng);
  else luong.emplace(s, rng);
  if (s.output_rank) output_inner = Linear(s.readout, s.output_rank, rng, false);
  output = Linear(s.output_rank ? s.output_rank : s.readout, s.target_words, rng);
  if (s.tied) output.weight = target_embedding.weight;
  if (s.attention == AttentionKind::latent || s.attention == AttentionKind::soft_linear)
    latent = LatentReadout(s.annotation(), output.weight.size(1), rng);
  if (s.attention == AttentionKind::hard) baseline = Tensor::zeros({2}, DType::f64);
  if (s.learned_baseline) guess = support::BaselineNetwork(s.hidden, rng);
}

Tensor Translator::word_vectors(const Embedding& table, const Tensor& ids, const LossOptions& options) const {
  const Tensor vectors = table(ids);
  return options.dropout ? dropout(vectors, settings.dropout_embedding, *options.dropout) : vectors;
}

DecoderInputs Translator::inputs(const LossOptions& options) const {
  DecoderInputs made{[this, options](const Tensor& ids) { return word_vectors(target_embedding, ids, options); }};
  made.alphas = options.alphas;
  if (options.dropout && settings.dropout_layer > 0)
    made.between_layers = [this, options](const Tensor& h) {
      return dropout(h, settings.dropout_layer, *options.dropout);
    };
  return made;
}

State Translator::start(const RecurrentOutput& encoded, const Tensor& summary, const Batch& batch) const {
  std::vector<State> layers;
  for (int64_t l = 0; l < settings.layers; ++l) {
    const auto at = static_cast<size_t>(l);
    if (settings.takes_over_states())
      layers.push_back({index_select(encoded.last.h[l], 0, batch.source_place),
                        encoded.last.c ? index_select(encoded.last.c[l], 0, batch.source_place) : Tensor()});
    else
      layers.push_back(
          {tanh(initial[at](summary)), initial_memory.empty() ? Tensor() : tanh(initial_memory[at](summary))});
  }
  return side_by_side(layers);
}

Encoded Translator::encode(const Batch& batch, const LossOptions& options) const {
  Tensor ids = batch.source.rows;
  if (options.dropout && settings.dropout_word > 0) ids = lose_words(ids, settings.dropout_word, *options.dropout);
  const Tensor turned = settings.reverse_source ? turned_round(batch.source) : Tensor();
  if (turned) ids = index_select(ids, 0, turned);
  const Packed words = batch.source.with(word_vectors(source_embedding, ids, options));
  const RecurrentOutput read =
      encoder(words, {}, {.between = [&](const Tensor& rows, int) {
                return options.dropout ? dropout(rows, settings.dropout_layer, *options.dropout) : rows;
              }});
  Tensor annotations = read.outputs.rows;
  const int64_t n = settings.encoder_hidden;
  // The backward state at the first word has read the whole sentence; the forward state at the last has.
  const Tensor summary =
      settings.directions() == 2
          ? index_select(narrow(narrow(annotations, 0, 0, batch.source.active[0]), 1, n, n), 0, batch.source_place)
          : index_select(annotations, 0, batch.source_last);
  if (turned) annotations = index_select(annotations, 0, turned);  // in the order of the sentence
  Encoded encoded;
  encoded.start = start(read, summary, batch);
  if (settings.model == ModelKind::fixed) {
    if (bahdanau) encoded.fixed = summary;
    return encoded;
  }
  if (options.dropout) annotations = dropout(annotations, settings.dropout_annotation, *options.dropout);
  encoded.memory = attention().remember(annotations, batch.mask);
  return encoded;
}

DecodedBatch Translator::run(const Encoded& encoded, const Batch& batch, const DecoderInputs& given) const {
  DecoderInputs inputs = given;
  if (settings.posterior_feeding) {
    inputs.scores = [this](const Tensor& units) { return output(before_output(units)); };
    inputs.place_scores = latent.place_scores(encoded.memory.annotations, output);
  }
  return bahdanau ? bahdanau->run(encoded, batch, inputs) : luong->run(encoded, batch, inputs);
}

Tensor Translator::before_output(const Tensor& units, const LossOptions& options) const {
  const Tensor t = options.dropout ? dropout(units, settings.dropout_readout, *options.dropout) : units;
  return settings.output_rank ? output_inner(t) : t;
}

Tensor Translator::added(const Encoded& encoded, const LossOptions& options) const {
  const Tensor u = latent.place(encoded.memory.annotations);
  return options.dropout ? dropout(u, settings.latent_dropout, *options.dropout) : u;
}

// U times the context, which is the expectation of U h_j.
Tensor Translator::read_softly(const Encoded& encoded, const Batch& batch, const DecodedBatch& decoded,
                               const LossOptions& options) const {
  const Tensor t = before_output(decoded.units, options);
  if (settings.attention != AttentionKind::soft_linear) return t;
  const SharedMask all = at_all_steps(*encoded.memory.mask, batch.target_out.active);
  return t + weighted_rows(decoded.alphas, added(encoded, options), all);
}

LatentLoss Translator::latent_loss(const Encoded& encoded, const Batch& batch, const DecodedBatch& decoded,
                                   const LossOptions& options, Reduction reduction) const {
  const Tensor t = before_output(decoded.units, options);
  const SharedMask all = at_all_steps(*encoded.memory.mask, batch.target_out.active);
  return latent_cross_entropy(t, added(encoded, options), output, decoded.alphas, all, batch.target_out.rows,
                              {.label_smoothing = options.label_smoothing, .reduction = reduction});
}

namespace {
bool needs_alphas(AttentionKind kind) { return kind == AttentionKind::latent || kind == AttentionKind::soft_linear; }
}  // namespace

Tensor Translator::loss(const Batch& batch, const LossOptions& options) const {
  const Encoded encoded = encode(batch, options);
  DecoderInputs given = inputs(options);
  given.alphas |= needs_alphas(settings.attention);
  const DecodedBatch decoded = run(encoded, options.read ? *options.read : batch, given);
  if (settings.attention == AttentionKind::latent)
    return latent_loss(encoded, batch, decoded, options, Reduction::sum).loss;
  return linear_cross_entropy(read_softly(encoded, batch, decoded, options), output, batch.target_out.rows,
                              {.label_smoothing = options.label_smoothing, .reduction = Reduction::sum});
}

std::pair<Tensor, Tensor> Translator::score(const Batch& batch, support::Reading reading) const {
  Encoded encoded = encode(batch);
  read_by(reading, encoded);
  const DecodedBatch decoded = run(encoded, batch, inputs({.alphas = true}));
  if (settings.attention == AttentionKind::latent) {
    const LatentLoss found = latent_loss(encoded, batch, decoded, {}, Reduction::none);
    return {-found.loss, found.posterior};
  }
  const Tensor logits = output(read_softly(encoded, batch, decoded, {}));
  return {log_probability(logits, batch.target_out.rows), decoded.alphas};
}

void Translator::read_by(support::Reading reading, Encoded& encoded) const {
  if (reading == support::Reading::place && !latent.place.weight)
    throw Error("translator: words of {} attention are not written from places; read by expectation or argmax",
                name_of(attention_kinds, settings.attention));
  encoded.reading = reading;
}

Prepared Translator::prepare(const Batch& batch, support::Reading reading, const std::vector<int64_t>* words) const {
  if (words && settings.attention == AttentionKind::latent)
    throw Error("--shortlist: latent attention sums over what each place adds to every word; leave the list out");
  Encoded encoded = encode(batch);
  read_by(reading, encoded);
  Prepared prepared = bahdanau ? bahdanau->prepare(encoded, inputs({})) : luong->prepare(encoded, inputs({}));
  const Tensor& annotations = encoded.memory.annotations;
  if (settings.attention == AttentionKind::latent) prepared.places = latent.place_scores(annotations, output);
  if (settings.attention == AttentionKind::soft_linear) prepared.places = latent.place(annotations);
  if (words) prepared.output.emplace(output, *words);
  return prepared;
}

DecoderStep Translator::step(Prepared& prepared, const DecoderState& before, const Tensor& words) const {
  Decoded decoded = bahdanau ? bahdanau->step(prepared, before, words) : luong->step(prepared, before, words);
  const Tensor& units = decoded.units;
  Tensor t = before_output(units);
  const SharedMask& mask = prepared.encoded.memory.mask;
  if (settings.attention == AttentionKind::latent) {
    const Tensor scores = output(t);
    if (settings.posterior_feeding) decoded.next.last = {scores, decoded.read};
    return {latent_log_probabilities(scores, prepared.places, decoded.read, mask), decoded.alpha,
            std::move(decoded.next), units};
  }
  if (settings.attention == AttentionKind::soft_linear) t = t + weighted_rows(decoded.read, prepared.places, mask);
  return {prepared.output ? (*prepared.output)(t) : output(t), decoded.alpha, std::move(decoded.next), units};
}

}  // namespace heed::translate
