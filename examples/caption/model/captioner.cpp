#include "examples/caption/model/captioner.h"

#include <algorithm>

#include "autograd/ops/extrema.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/activations.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"
#include "nn/layers/dropout.h"
#include "nn/losses/cross_entropy.h"

namespace heed::caption {
namespace {

void check(const ModelSettings& s) {
  if (s.encoder == Encoder::small && s.annotations != AnnotationForm::plain)
    throw Error(
        "captioner: --annotations {} is for what a ReLU gives; those of --encoder small may be negative",
        name_of(annotation_forms, s.annotations));
  if (s.words < 5)
    throw Error(
        "captioner: a vocabulary of {} words, of which 4 are <pad>, <s>, </s>, <unk>, holds no word of the "
        "captions; lower --min-count or give more captions",
        s.words);
}

// The annotations of a fixed encoder, which are constants, in the form that `settings.annotations` asks for.
Tensor in_form(const Tensor& annotations, const ModelSettings& settings) {
  const Untaped constant;
  const Tensor roots = sqrt(annotations);
  if (settings.annotations == AnnotationForm::root) return roots;
  const Tensor power = unsqueeze(mean(annotations, {2}), 2);  // the mean square of the roots
  return zip([](auto x, auto p) { return x / sqrt(p + 1e-6); }, roots, power);
}

bool identity(const std::vector<int64_t>& place, int64_t count) {
  if (static_cast<int64_t>(place.size()) != count) return false;
  for (size_t b = 0; b < place.size(); ++b)
    if (place[b] != static_cast<int64_t>(b)) return false;
  return true;
}

}  // namespace

Captioner::Captioner(const ModelSettings& chosen, Rng& rng) : settings(chosen) {
  check(settings);
  const ModelSettings& s = settings;
  if (s.encoder == Encoder::small) encoder = SmallEncoder(s.locations(), s.depth, rng);
  if (s.initial_layers > 1) initial_inner = Linear(s.depth, s.depth, rng);
  initial_h = Linear(s.depth, s.hidden, rng);
  initial_c = Linear(s.depth, s.hidden, rng);
  words = Embedding(s.words, s.embedding, rng, 0.1);
  if (s.attention != AttentionKind::none) {
    if (s.key_layers > 1) key_inner = Linear(s.depth, s.depth, rng);
    attention.score = AdditiveScore(
        {.query = s.hidden, .annotation = s.depth, .hidden = s.alignment, .bias = true}, rng);
  }
  gate = ContextGate(s.hidden, s.gate == Gate::vector ? s.depth : 1, rng);
  cell = LstmCell(s.embedding, s.hidden, rng);
  context_to_cell = Linear(s.depth, 4 * s.hidden, rng, false);
  deep_h = Linear(s.hidden, s.embedding, rng, false);
  deep_z = Linear(s.depth, s.embedding, rng, false);
  output = Linear(s.embedding, s.words, rng);
  if (s.attention == AttentionKind::hard) baseline = Tensor::zeros({2}, DType::f64);
  if (s.learned_baseline) guess = support::BaselineNetwork(s.hidden, rng);
}

Encoded Captioner::encode(const Tensor& pictures, const std::vector<int64_t>& place, Rng* random) const {
  Tensor annotations = settings.encoder == Encoder::small ? encoder(pictures) : pictures;
  if (annotations.rank() != 3 || annotations.size(1) != settings.locations() ||
      annotations.size(2) != settings.depth)
    throw Error("captioner: wants annotations [n, {}, {}], got {}", settings.locations(), settings.depth,
                describe(annotations));
  if (settings.annotations != AnnotationForm::plain) annotations = in_form(annotations, settings);
  const int64_t count = annotations.size(0);
  if (random && settings.dropout_annotation > 0) {
    const Tensor mask = random->bernoulli_mask({count, 1, settings.depth}, 1 - settings.dropout_annotation);
    annotations = dropout_with_mask(annotations, mask, settings.dropout_annotation);
  }
  Tensor mean_annotation = mean(annotations, {1});
  Tensor summary = mean_annotation;
  if (random) summary = dropout(summary, settings.dropout_state, *random);
  if (initial_inner.weight) summary = relu(initial_inner(summary));
  Encoded encoded;
  encoded.start = {tanh(initial_h(summary)), tanh(initial_c(summary))};
  if (!identity(place, count)) {
    const Tensor index = Tensor::from(place);
    mean_annotation = index_select(mean_annotation, 0, index);
    encoded.start = {index_select(encoded.start.h, 0, index), index_select(encoded.start.c, 0, index)};
  }
  encoded.mean = mean_annotation;
  if (settings.attention == AttentionKind::none) return encoded;
  const Tensor rows = reshape(annotations, {-1, settings.depth});
  encoded.memory = {rows, attention.score.prepare(key_inner.weight ? tanh(key_inner(rows)) : rows),
                    attend_to_blocks(settings.locations(), place)};
  return encoded;
}

Tensor Captioner::word_vectors(const Tensor& ids, const LossOptions& options) const {
  const Tensor vectors = words(ids);
  return options.dropout ? dropout(vectors, settings.dropout_embedding, *options.dropout) : vectors;
}

// The word's part of the products is there already; the context adds its own.
State Captioner::advance(const Tensor& projected_word, const Tensor& context, const State& state) const {
  return cell.step(linear_onto(projected_word, context, context_to_cell.weight), state);
}

Tensor Captioner::readout(const Tensor& h, const Tensor& vectors, const Tensor& context,
                          const LossOptions& options) const {
  const Tensor state = options.dropout ? dropout(h, settings.dropout_state, *options.dropout) : h;
  Tensor deep = linear_onto(linear_onto(vectors, state, deep_h.weight), context, deep_z.weight);
  if (settings.readout == Readout::tanh) deep = tanh(deep);
  if (options.dropout) deep = dropout(deep, settings.dropout_readout, *options.dropout);
  return output(deep);
}

Captioner::Run Captioner::run(const Encoded& encoded, const Packed& words_before, const Tensor& vectors,
                              const Attend& attend) const {
  const Tensor projected = cell.project(vectors);
  std::vector<Tensor> before, states, contexts;
  State now = encoded.start;
  int64_t at = 0, time = 0;
  for (const int64_t rows : words_before.active) {
    const TimeStep here(time++);
    now = narrow_rows(now, 0, rows);
    before.push_back(now.h);
    contexts.push_back(gate(attend(now, at), now.h));
    now = advance(narrow(projected, 0, at, rows), contexts.back(), now);
    states.push_back(now.h);
    at += rows;
  }
  return {join_steps(before), join_steps(states), join_steps(contexts)};
}

Attended Captioner::attend(const Encoded& encoded, const Tensor& h, Reading reading, Rng* samples) const {
  if (settings.attention == AttentionKind::none) return {.context = narrow(encoded.mean, 0, 0, h.size(0))};
  if (reading == Reading::expectation) return attention(h, encoded.memory);
  if (reading == Reading::argmax) return attention(h, encoded.memory, {}, HardReading{});
  if (!samples) throw Error("captioner: to sample it needs a stream of random numbers");
  return attention(h, encoded.memory, {}, HardReading{samples});
}

Tensor Captioner::loss(const CaptionBatch& batch, const Tensor& pictures, const LossOptions& options) const {
  const Encoded encoded = encode(pictures, batch.place, options.dropout);
  const Packed& read = options.read ? *options.read : batch.in;
  const Tensor vectors = word_vectors(read.rows, options);
  std::vector<Tensor> alphas;
  const Run steps = run(encoded, read, vectors, [&](const State& before, int64_t) {
    const Attended attended = attend(encoded, before.h, Reading::expectation, nullptr);
    if (attended.alpha) alphas.push_back(attended.alpha);
    return attended.context;
  });
  const Tensor logits = readout(steps.states, vectors, steps.contexts, options);
  const Tensor loss = cross_entropy(
      logits, batch.out.rows, {.label_smoothing = options.label_smoothing, .reduction = Reduction::sum});
  if (alphas.empty() || settings.penalty == 0) return loss;
  return loss + settings.penalty * doubly_stochastic(batch.in.with(join_steps(alphas)));
}

std::pair<Tensor, Tensor> Captioner::score(const CaptionBatch& batch, const Tensor& pictures, Reading reading,
                                           Rng* samples) const {
  const Encoded encoded = encode(pictures, batch.place);
  const Tensor vectors = words(batch.in.rows);
  std::vector<Tensor> alphas;
  const Run steps = run(encoded, batch.in, vectors, [&](const State& before, int64_t) {
    const Attended attended = attend(encoded, before.h, reading, samples);
    if (attended.alpha) alphas.push_back(attended.alpha);
    return attended.context;
  });
  const Tensor logits = readout(steps.states, vectors, steps.contexts, {});
  return {log_probability(logits, batch.out.rows), join_steps(alphas)};
}

CaptionStep Captioner::step(const Encoded& encoded, const State& state, const Tensor& said, Reading reading,
                            Rng* samples) const {
  const Tensor vectors = words(said);
  CaptionStep result;
  result.attended = attend(encoded, state.h, reading, samples);
  const Tensor context = gate(result.attended.context, state.h);
  result.next = advance(cell.project(vectors), context, state);
  result.logits = readout(result.next.h, vectors, context, {});
  return result;
}

}  // namespace heed::caption
