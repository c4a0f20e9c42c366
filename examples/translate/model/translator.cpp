#include "examples/translate/model/translator.h"

#include "autograd/ops/indexing.h"
#include "autograd/ops/matmul.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/support/text/vocabulary.h"
#include "nn/layers/dropout.h"
#include "nn/layers/maxout.h"
#include "nn/losses/linear_cross_entropy.h"

namespace heed::translate {
namespace {

constexpr int64_t kLongestSource = 200;  // for location scores, which have a weight for each position

void check(const ModelSettings& s) {
  if (s.source_words < 5 || s.target_words < 5)
    throw Error(
        "translator: vocabularies of {} and {} words, of which 4 are <pad>, <s>, </s>, <unk>, hold no word "
        "of the "
        "text; lower --min-count or give more text",
        s.source_words, s.target_words);
  if (s.tied && s.readout != s.embedding)
    throw Error(
        "translator: tied embeddings need a readout as wide as the embedding, but {} and {} were given",
        s.readout, s.embedding);
  if (s.tied && s.output_rank)
    throw Error("translator: tied embeddings and an output rank exclude each other");
}

}  // namespace

Translator::Translator(const ModelSettings& chosen, Rng& rng) : settings(chosen) {
  check(settings);
  const ModelSettings& s = settings;
  const bool fixed = s.model == ModelKind::fixed;
  const RecurrentShape shape{.layers = 1, .bidirectional = !fixed};
  const int64_t context = fixed ? s.encoder_hidden : 2 * s.encoder_hidden;
  source_embedding = Embedding(s.source_words, s.embedding, rng, 0.1);
  target_embedding = Embedding(s.target_words, s.embedding, rng, 0.1);
  const auto make = choose(recurrent_cells, "cell", s.cell).make;
  encoder = Recurrent<AnyCell>(s.embedding, s.encoder_hidden, shape, rng, make);
  initial = Linear(s.encoder_hidden, s.hidden, rng);
  if (encoder.forward[0].has_memory) initial_memory = Linear(s.encoder_hidden, s.hidden, rng);
  if (!fixed) {
    attention.score = choose(attention_scores, "score", s.score)
                          .make({s.hidden, context, s.alignment, kLongestSource, s.score_bias}, rng);
    attention.window =
        choose(attention_windows, "window", s.window).make({s.hidden, s.alignment, s.window_width}, rng);
  }
  cell = make(s.embedding, s.hidden, rng, true);
  const int64_t projected = cell.project(Tensor::zeros({0, s.embedding})).size(1);
  context_to_cell = Linear(context, projected, rng, false);
  readout_state = Linear(s.hidden, 2 * s.readout, rng);
  readout_word = Linear(s.embedding, 2 * s.readout, rng, false);
  readout_context = Linear(context, 2 * s.readout, rng, false);
  if (s.output_rank) output_inner = Linear(s.readout, s.output_rank, rng, false);
  output = Linear(s.output_rank ? s.output_rank : s.readout, s.target_words, rng);
  if (s.tied) output.weight = target_embedding.weight;
}

Tensor Translator::word_vectors(const Embedding& table, const Tensor& ids,
                                const LossOptions& options) const {
  const Tensor vectors = table(ids);
  return options.dropout ? dropout(vectors, settings.dropout_embedding, *options.dropout) : vectors;
}

Encoded Translator::encode(const Batch& batch, const LossOptions& options) const {
  Tensor ids = batch.source.rows;
  if (options.dropout && settings.dropout_word > 0) {
    const Tensor lost = to(options.dropout->bernoulli_mask(ids.shape(), settings.dropout_word), DType::i64);
    ids = densify(ids);
    Tensor read = Tensor::empty(ids.shape(), DType::i64);
    for (int64_t i = 0; i < ids.numel(); ++i)
      read.mutable_data<int64_t>()[i] =
          lost.data<int64_t>()[i] ? support::Vocabulary::unknown : ids.data<int64_t>()[i];
    ids = read;
  }
  const Packed words = batch.source.with(word_vectors(source_embedding, ids, options));
  Tensor annotations = encoder(words).outputs.rows;
  const int64_t n = settings.encoder_hidden;
  // The backward state at the first word has read the whole sentence; for the fixed context the forward state
  // at the last has.
  Tensor last, summary;
  if (settings.model == ModelKind::fixed) {
    last = summary = index_select(annotations, 0, batch.source_last);
  } else {
    summary = index_select(narrow(narrow(annotations, 0, 0, batch.source.active[0]), 1, n, n), 0,
                           batch.source_place);
  }
  if (options.dropout) annotations = dropout(annotations, settings.dropout_annotation, *options.dropout);
  Encoded encoded;
  encoded.start.h = tanh(initial(summary));
  if (cell.has_memory) encoded.start.c = tanh(initial_memory(summary));
  if (last) encoded.fixed = last;
  else encoded.memory = attention.remember(annotations, batch.mask);
  return encoded;
}

Prepared Translator::prepare(const Batch& batch) const {
  Encoded encoded = encode(batch);
  const auto of_context = [&](const Tensor& c) {
    return concat({linear(c, context_to_cell.weight), linear(c, readout_context.weight)}, -1);
  };
  const auto of_words = [this](const Tensor& words) {
    const Tensor y = target_embedding(words);
    return concat({cell.project(y), readout_word(y)}, -1);
  };
  for (Tensor* read : {&encoded.fixed, &encoded.memory.annotations})
    if (*read) *read = of_context(*read);
  return {encoded, WordProducts(of_words)};
}

Encoded Encoded::repeated(int64_t rows) const {
  const Tensor first = Tensor::zeros({rows}, DType::i64);
  Encoded result = *this;
  if (fixed) result.fixed = index_select(fixed, 0, first);
  else result.memory.mask = heed::repeated(*memory.mask, rows);
  return result;
}

Attended Translator::attend(const Encoded& encoded, const Tensor& state, int64_t time) const {
  const int64_t n = state.size(0);
  if (encoded.fixed) return {.context = narrow(encoded.fixed, 0, 0, n)};
  return attention(state, encoded.memory, Tensor::full({n}, static_cast<double>(time), DType::i64));
}

// All steps of teacher forcing. Rows of `words` are vectors of the words that the cell reads.
Translator::Run Translator::decode(const Encoded& encoded, const Batch& batch, const Tensor& words) const {
  const Tensor projected = cell.project(words);
  std::vector<Tensor> states, contexts, alphas;
  State state = encoded.start;
  int64_t at = 0, time = 0;
  for (int64_t rows : batch.target_in.active) {
    const TimeStep here(time);
    state = narrow_rows(state, 0, rows);
    const Attended attended = attend(encoded, state.h, time++);
    states.push_back(state.h);
    contexts.push_back(attended.context);
    if (attended.alpha) alphas.push_back(attended.alpha);
    const Tensor word = narrow(projected, 0, at, rows);
    state = cell.step(linear_onto(word, attended.context, context_to_cell.weight), state);
    at += rows;
  }
  return {join_steps(states), join_steps(contexts), join_steps(alphas)};
}

// Deep output (Pascanu et al. 2014): t = maxout(U_o s + V_o E y + C_o c), logits = W_o t.
Tensor Translator::deep_output(const Tensor& units, const LossOptions& options) const {
  Tensor t = maxout(units, 2);
  if (options.dropout) t = dropout(t, settings.dropout_readout, *options.dropout);
  return settings.output_rank ? output_inner(t) : t;
}

// U_o s + V_o E y + C_o c
Tensor Translator::readout(const Tensor& state, const Tensor& word, const Tensor& context) const {
  return linear_onto(linear_onto(readout_state(state), word, readout_word.weight), context,
                     readout_context.weight);
}

namespace {

// The readout of word i sees y_{i-1}. The cell of the paper's variant reads y_{i-1} on its way to s_i; the
// released code's reads y_i, so that the s_i which predicts y_{i+1} has seen it.
Tensor cell_words(const Batch& batch, bool reads_new_state) {
  return reads_new_state ? batch.target_out.rows : batch.target_in.rows;
}

}  // namespace

Tensor Translator::loss(const Batch& batch, const LossOptions& options) const {
  const Encoded encoded = encode(batch, options);
  const Tensor before = word_vectors(target_embedding, batch.target_in.rows, options);
  const Tensor read =
      reads_new_state() ? word_vectors(target_embedding, cell_words(batch, true), options) : before;
  const Run run = decode(encoded, batch, read);
  const Tensor t = deep_output(readout(run.states, before, run.contexts), options);
  return linear_cross_entropy(t, output, batch.target_out.rows,
                       {.label_smoothing = options.label_smoothing, .reduction = Reduction::sum});
}

std::pair<Tensor, Tensor> Translator::score(const Batch& batch) const {
  const Encoded encoded = encode(batch);
  const Tensor before = target_embedding(batch.target_in.rows);
  const Run run = decode(encoded, batch, target_embedding(cell_words(batch, reads_new_state())));
  const Tensor logits = output(deep_output(readout(run.states, before, run.contexts)));
  return {log_probability(logits, batch.target_out.rows), run.alphas};
}

DecoderStep Translator::step(Prepared& prepared, const DecoderState& before, const Tensor& words) const {
  const int64_t gates = context_to_cell.weight.size(0), units = readout_context.weight.size(0);
  const auto for_cell = [=](const Tensor& products) { return narrow(products, 1, 0, gates); };
  const auto for_readout = [=](const Tensor& products) { return narrow(products, 1, gates, units); };
  const Tensor word = prepared.words(words);
  State state = before.state;
  if (reads_new_state() && before.context) state = cell.step(for_cell(word) + before.context, state);
  const Attended attended = attend(prepared.encoded, state.h, before.time);
  const Tensor both = word + attended.context;
  DecoderStep result{output(deep_output(readout_state(state.h) + for_readout(both))),
                     attended.alpha,
                     {state, for_cell(attended.context), before.time + 1}};
  if (!reads_new_state()) result.next.state = cell.step(for_cell(both), state);
  return result;
}

}  // namespace heed::translate
