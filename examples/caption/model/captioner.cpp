#include "examples/caption/model/captioner.h"

#include <algorithm>
#include <optional>

#include "autograd/ops/extrema.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/matmul.h"
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
    throw Error("captioner: --annotations {} is for what a ReLU gives; those of --encoder small may be negative",
                name_of(annotation_forms, s.annotations));
  if (s.words < 5)
    throw Error(
        "captioner: a vocabulary of {} words, of which 4 are <pad>, <s>, </s>, <unk>, holds no word of the "
        "captions; lower --min-count or give more captions",
        s.words);
  if (s.posterior_feeding && s.attention != AttentionKind::latent)
    throw Error("captioner: the posterior of the places is latent attention's; {} attention has none to feed",
                name_of(attention_kinds, s.attention));
}

// What a fixed encoder gives, in the form that `settings.annotations` asks for.
Tensor in_form(const Tensor& annotations, const ModelSettings& settings) {
  std::optional<Untaped> constant;
  Tensor roots;
  if (settings.tuned > 0) {
    // A root has no slope at 0, where a ReLU leaves most numbers: below 0.01 a line stands for it.
    roots = zip([](auto a) { return where(a > 0.01, sqrt(where(a > 0.01, a, 0.01)), 10 * a); }, annotations);
  } else {
    constant.emplace();
    roots = sqrt(annotations);
  }
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
  if (s.tuned > 0) tail = FireTail(s.tuned, rng);
  if (s.initial_layers > 1) initial_inner = Linear(s.depth, s.depth, rng);
  initial_h = Linear(s.depth, s.hidden, rng);
  initial_c = Linear(s.depth, s.hidden, rng);
  words = Embedding(s.words, s.embedding, rng, 0.1);
  if (s.attention != AttentionKind::none) {
    if (s.key_layers > 1) key_inner = Linear(s.depth, s.depth, rng);
    attention.score =
        AdditiveScore({.query = s.hidden, .annotation = s.depth, .hidden = s.alignment, .bias = true}, rng);
  }
  if (s.gate != Gate::none) gate = ContextGate(s.hidden, s.gate == Gate::vector ? s.depth : 1, rng);
  cell = LstmCell(s.embedding, s.hidden, rng);
  context_to_cell = Linear(s.depth, 4 * s.hidden, rng, false);
  deep_h = Linear(s.hidden, s.embedding, rng, false);
  deep_z = Linear(s.depth, s.embedding, rng, false);
  output = Linear(s.embedding, s.words, rng);
  if (s.writes_from_places()) latent = LatentReadout(s.depth, s.embedding, rng);
  if (s.posterior_feeding) posterior = PosteriorFeeding(s.depth, 4 * s.hidden, rng);
  if (s.attention == AttentionKind::hard) baseline = Tensor::zeros({2}, DType::f64);
  if (s.learned_baseline) guess = support::BaselineNetwork(s.hidden, rng);
}

Tensor Captioner::annotations(const Tensor& pictures) const {
  Tensor found = settings.encoder == Encoder::small ? encoder(pictures) : pictures;
  const int64_t depth = settings.given();
  if (found.rank() != 3 || found.size(1) != settings.locations() || found.size(2) != depth)
    throw Error("captioner: wants annotations [n, {}, {}], got {}", settings.locations(), depth, describe(found));
  if (settings.tuned > 0) found = tail(found, settings.side);
  return settings.annotations == AnnotationForm::plain ? found : in_form(found, settings);
}

Encoded Captioner::encode(const Tensor& pictures, const std::vector<int64_t>& place, Rng* random) const {
  Tensor annotations = this->annotations(pictures);
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
  if (settings.writes_from_places()) {
    encoded.means = cells().means(rows);
    encoded.added = latent.place(encoded.means);
    if (posterior) encoded.added_scores = linear(encoded.added, output.weight);
    if (random) encoded.added = dropout(encoded.added, settings.latent_dropout, *random);
    encoded.cells = cells().mask(place);
  }
  return encoded;
}

Encoded Encoded::select(const std::vector<int64_t>& rows) const {
  Encoded result = *this;
  result.mean = index_select(mean, 0, Tensor::from(rows));
  if (memory.mask) result.memory.mask = select_queries(*memory.mask, rows);
  if (cells) result.cells = select_queries(*cells, rows);
  return result;
}

Encoded Captioner::prepare(const Tensor& pictures, const std::vector<int64_t>& place) const {
  Encoded encoded = encode(pictures, place);
  if (settings.attention == AttentionKind::latent && !posterior)
    encoded.added_scores = linear(encoded.added, output.weight);
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

Tensor Captioner::deep_output(const Tensor& h, const Tensor& vectors, const Tensor& context,
                              const LossOptions& options) const {
  const Tensor state = options.dropout ? dropout(h, settings.dropout_state, *options.dropout) : h;
  Tensor deep = linear_onto(linear_onto(vectors, state, deep_h.weight), context, deep_z.weight);
  if (settings.readout == Readout::tanh) deep = tanh(deep);
  return options.dropout ? dropout(deep, settings.dropout_readout, *options.dropout) : deep;
}

Captioner::Run Captioner::run(const Encoded& encoded, const Packed& words_before, const Tensor& vectors,
                              const Attend& attend) const {
  const Tensor projected = cell.project(vectors);
  std::vector<Tensor> before, states, contexts;
  State now = encoded.start;
  WrittenWords last;
  int64_t at = 0, time = 0;
  for (const int64_t rows : words_before.active) {
    const TimeStep here(time++);
    now = narrow_rows(now, 0, rows);
    before.push_back(now.h);
    const Attended attended = attend(now, at);
    contexts.push_back(gate(attended.context, now.h));
    Tensor input = narrow(projected, 0, at, rows);
    if (last)
      input = posterior.onto(input, last.first(rows), narrow(words_before.rows, 0, at, rows), places(encoded));
    now = advance(input, contexts.back(), now);
    states.push_back(now.h);
    if (posterior) last = written(now, narrow(vectors, 0, at, rows), contexts.back(), attended);
    at += rows;
  }
  return {join_steps(before), join_steps(states), join_steps(contexts)};
}

WrittenWords Captioner::written(const State& state, const Tensor& vectors, const Tensor& context,
                                const Attended& attended) const {
  return {output(deep_output(state.h, vectors, context, {})), cells().sums(attended.choice())};
}

Attended Captioner::attend(const Encoded& encoded, const Tensor& h, Reading reading, Rng* samples) const {
  if (settings.attention == AttentionKind::none) return {.context = narrow(encoded.mean, 0, 0, h.size(0))};
  if (reading == Reading::expectation) return attention(h, encoded.memory);
  if (reading == Reading::place) {
    if (!settings.writes_from_places())
      throw Error("captioner: words of {} attention are not written from places; read by expectation or argmax",
                  name_of(attention_kinds, settings.attention));
    Attended attended = attention(h, encoded.memory);
    attended.weights = HardReading{}(attended.alpha);
    return attended;
  }
  if (reading == Reading::argmax) return attention(h, encoded.memory, {}, HardReading{});
  if (!samples) throw Error("captioner: to sample it needs a stream of random numbers");
  return attention(h, encoded.memory, {}, HardReading{samples});
}

Captioner::Forced Captioner::force(const Encoded& encoded, const CaptionBatch& batch, Reading reading, Rng* samples,
                                   const LossOptions& options) const {
  const Packed& read = options.read ? *options.read : batch.in;
  const Tensor vectors = word_vectors(read.rows, options);
  Forced forced;
  const Run steps = run(encoded, read, vectors, [&](const State& before, int64_t) {
    const Attended attended = attend(encoded, before.h, reading, samples);
    if (attended.alpha) {
      forced.alphas.push_back(attended.alpha);
      forced.weights.push_back(attended.weights);
    }
    return attended;
  });
  forced.x = deep_output(steps.states, vectors, steps.contexts, options);
  if (encoded.cells) forced.cells = at_all_steps(*encoded.cells, batch.in.active);
  return forced;
}

LatentLoss Captioner::latent_loss(const Encoded& encoded, const Forced& forced, const Tensor& words,
                                  const CrossEntropyOptions& options) const {
  const Tensor prior = cells().sums(join_steps(forced.weights));
  return latent_cross_entropy(forced.x, encoded.added, output, prior, forced.cells, words, options);
}

Tensor Captioner::logits(const Encoded& encoded, const Tensor& x, const std::vector<Tensor>& weights,
                         const SharedMask& chosen) const {
  if (settings.attention != AttentionKind::soft_linear) return output(x);
  return output(x + weighted_rows(cells().sums(join_steps(weights)), encoded.added, chosen));
}

Tensor Captioner::loss(const CaptionBatch& batch, const Tensor& pictures, const LossOptions& options) const {
  const Encoded encoded = encode(pictures, batch.place, options.dropout);
  const Forced forced = force(encoded, batch, Reading::expectation, nullptr, options);
  const Tensor& said = batch.out.rows;
  const CrossEntropyOptions with{.label_smoothing = options.label_smoothing, .reduction = Reduction::sum};
  const Tensor loss = settings.attention == AttentionKind::latent
                          ? latent_loss(encoded, forced, said, with).loss
                          : cross_entropy(logits(encoded, forced.x, forced.weights, forced.cells), said, with);
  if (forced.alphas.empty() || settings.penalty == 0) return loss;
  return loss + settings.penalty * doubly_stochastic(batch.in.with(join_steps(forced.alphas)));
}

std::pair<Tensor, Tensor> Captioner::score(const CaptionBatch& batch, const Tensor& pictures, Reading reading,
                                           Rng* samples) const {
  const Encoded encoded = encode(pictures, batch.place);
  const Forced forced = force(encoded, batch, reading, samples, {});
  const Tensor& said = batch.out.rows;
  const Tensor alphas = join_steps(forced.alphas);
  if (settings.attention != AttentionKind::latent)
    return {log_probability(logits(encoded, forced.x, forced.weights, forced.cells), said), alphas};
  const LatentLoss found = latent_loss(encoded, forced, said, {.reduction = Reduction::none});
  if (reading != Reading::expectation) return {-found.loss, alphas};
  return {-found.loss, cells().of_places(found.posterior, alphas)};
}

CaptionStep Captioner::step(const Encoded& encoded, const CaptionState& state, const Tensor& said, Reading reading,
                            Rng* samples) const {
  return read(encoded, state, said, attend(encoded, state.state.h, reading, samples));
}

CaptionStep Captioner::read(const Encoded& encoded, const CaptionState& before, const Tensor& said,
                            Attended attended) const {
  const Tensor vectors = words(said);
  CaptionStep result;
  result.attended = std::move(attended);
  const Tensor context = gate(result.attended.context, before.state.h);
  Tensor input = cell.project(vectors);
  if (before.last) input = posterior.onto(input, before.last, said, places(encoded));
  const State now = advance(input, context, before.state);
  result.next.state = now;
  if (settings.attention != AttentionKind::latent) {
    const Tensor x = deep_output(now.h, vectors, context, {});
    result.logits = logits(encoded, x, {result.attended.weights}, encoded.cells);
    return result;
  }
  const WrittenWords words_now = written(now, vectors, context, result.attended);
  result.logits = latent_log_probabilities(words_now.scores, encoded.added_scores, words_now.alpha, encoded.cells);
  if (posterior) result.next.last = words_now;
  return result;
}

}  // namespace heed::caption
