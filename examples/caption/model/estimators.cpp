#include "examples/caption/model/estimators.h"

#include <algorithm>
#include <optional>

#include "autograd/ops/extrema.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"
#include "nn/attention/hard_attention.h"
#include "nn/losses/losses.h"

namespace heed::caption {
namespace {

using Ids = std::vector<int64_t>;

// How much smaller steps the learned baseline makes than the model: its errors are squared nats.
constexpr double kBaselineWeight = 0.01;

// One estimate in the making: how the captions look, and what is remembered of it.
class Estimate {
 public:
  Estimate(const Captioner& model, const CaptionBatch& batch, const HardOptions& options,
           const HardDraw& draw, const Baselines& baselines, const LossOptions& with)
      : model_(model), batch_(batch), options_(options), draw_(draw), past_(baselines), with_(with) {}

  HardLoss operator()(const Tensor& pictures);

 private:
  bool exact() const { return options_.estimator == "exact"; }
  bool critical() const { return options_.estimator == "self-critical"; }
  bool expected(size_t caption) const { return !draw_.expected.empty() && draw_.expected[caption]; }
  bool by_word() const { return exact() || options_.reward == Reward::future; }
  Tensor look(const State& before, int64_t first);
  Tensor read(const Tensor& scores, int64_t rows);
  Tensor read_gumbel(const Tensor& scores);
  Tensor expected_words(const State& before, const Tensor& scores, int64_t first) const;
  Tensor words_by_expectation(Rng* masks) const;
  std::vector<double> from_here(const std::vector<double>& words) const;
  std::vector<double> rewards(const std::vector<double>& log_p, HardLoss& result) const;
  std::vector<double> baselines() const;
  Tensor surrogate(const Tensor& log_p, const Tensor& rewarded, const Tensor& before, HardLoss& result) const;

  const Captioner& model_;
  const CaptionBatch& batch_;
  const HardOptions& options_;
  const HardDraw& draw_;
  const Baselines& past_;
  const LossOptions& with_;
  Encoded encoded_;
  Tensor vectors_, projected_;  // of the words before: E y, and what the cell makes of it
  std::vector<Tensor> scores_, choices_,
      words_;  // of each step: [n, L], what was read of them [n, L], exact: [n]
};

Tensor constant_softmax(const Tensor& scores) {
  const Untaped guard;
  return softmax(scores);
}

// alpha for captions that get the expectation, and the drawn place for the others.
Tensor Estimate::read(const Tensor& scores, int64_t rows) {
  const Ids places = draw_.choose(constant_softmax(scores));
  const Tensor chosen = to(one_hot(Tensor::from(places), scores.size(1)), scores.dtype());
  std::vector<double> soft(static_cast<size_t>(rows), 0);
  for (size_t b = 0; b < soft.size(); ++b) soft[b] = expected(b) ? 1 : 0;
  if (std::find(soft.begin(), soft.end(), 1.0) == soft.end()) {
    choices_.push_back(chosen);
    Ids at;
    for (int64_t b = 0; b < rows; ++b) at.push_back(encoded_.memory.mask->row(b, places[static_cast<size_t>(b)]));
    return index_select(encoded_.memory.annotations, 0, Tensor::from(at));
  }
  const Tensor weights = zip(
      "choice", [](auto s, auto a, auto c) { return s * a + (1 - s) * c; },
      Tensor::from(soft, {rows, 1}, scores.dtype()), softmax(scores), chosen);
  choices_.push_back(detach(weights));
  return weighted_rows(weights, encoded_.memory.annotations, encoded_.memory.mask);
}

Tensor Estimate::read_gumbel(const Tensor& scores) {
  const Tensor uniform = draw_.noise->uniform(scores.shape(), 1e-6, 1 - 1e-6, scores.dtype());  // finite logs
  const Tensor noisy = zip(
      "gumbel", [](auto e, auto u) { return e - log(-log(u)); }, log_softmax(scores), uniform);
  const Tensor soft = softmax(noisy * (1 / options_.temperature));
  const Tensor chosen = to(one_hot(argmax(detach(noisy), 1), scores.size(1)), scores.dtype());
  choices_.push_back(chosen);
  return weighted_rows(soft + detach(chosen - soft), encoded_.memory.annotations, encoded_.memory.mask);
}

// Tensor [n, ..], each row `times` times.
Tensor spread(const Tensor& x, int64_t times) {
  Ids rows;
  for (int64_t b = 0; b < x.size(0); ++b) rows.insert(rows.end(), static_cast<size_t>(times), b);
  return index_select(x, 0, Tensor::from(rows));
}

// sum_i alpha_i log p(y_t | s_t = i, s_<t): the step is made once for each place.
Tensor Estimate::expected_words(const State& before, const Tensor& scores, int64_t first) const {
  const int64_t n = scores.size(0), places = scores.size(1);
  Ids rows;
  for (int64_t b = 0; b < n; ++b)
    for (int64_t i = 0; i < places; ++i) rows.push_back(encoded_.memory.mask->row(b, i));
  const State all{spread(before.h, places), spread(before.c, places)};
  const Tensor context = model_.gate(index_select(encoded_.memory.annotations, 0, Tensor::from(rows)), all.h);
  const State after = model_.advance(spread(narrow(projected_, 0, first, n), places), context, all);
  const Tensor logits =
      model_.readout(after.h, spread(narrow(vectors_, 0, first, n), places), context, with_);
  const Tensor log_p = log_probability(logits, spread(narrow(batch_.out.rows, 0, first, n), places));
  return sum(softmax(scores) * reshape(log_p, {n, places}), {1});
}

Tensor Estimate::look(const State& before, int64_t first) {
  const Tensor scores = model_.attention.score(before.h, encoded_.memory.keys, encoded_.memory.mask);
  scores_.push_back(scores);
  if (exact()) words_.push_back(expected_words(before, scores, first));
  return options_.estimator == "gumbel" ? read_gumbel(scores) : read(scores, scores.size(0));
}

// Calls use(row, caption) for every word, the last words first; rows are in packed order.
template <class Use>
void each_word(const Packed& words, Use use) {
  auto row = static_cast<size_t>(words.rows.size(0));
  for (size_t t = words.active.size(); t-- > 0;)
    for (auto b = static_cast<size_t>(words.active[t]); b-- > 0;) use(--row, b);
}

// Of every word what the words from its own on are worth, each later one `discount` times as much as the one
// before.
std::vector<double> Estimate::from_here(const std::vector<double>& words) const {
  std::vector<double> result(words.size()), later(batch_.place.size(), 0);
  each_word(batch_.out, [&](size_t row, size_t b) {
    later[b] *= options_.discount;
    // The exact estimator differentiates a place's own word already.
    result[row] = exact() ? later[b] : later[b] + words[row];
    later[b] += words[row];
  });
  return result;
}

// log p of every word, read by expectation with the same masks of dropout: a constant.
Tensor Estimate::words_by_expectation(Rng* masks) const {
  const Untaped constant;
  const Captioner::Run steps = model_.run(encoded_, batch_.in, vectors_, [this](const State& before, int64_t) {
    return model_.attend(encoded_, before.h, Reading::expectation, nullptr).context;
  });
  const Tensor logits = model_.readout(steps.states, vectors_, steps.contexts, {.dropout = masks});
  return log_probability(logits, batch_.out.rows);
}

// R for every word, given the words' log p; the places of a caption share theirs unless they have one each.
std::vector<double> Estimate::rewards(const std::vector<double>& log_p, HardLoss& result) const {
  std::vector<double> total(batch_.place.size(), 0), shared(log_p.size());
  const Ids lengths = batch_.out.lengths();
  each_word(batch_.out, [&](size_t row, size_t b) { total[b] += log_p[row]; });
  for (size_t b = 0; b < total.size(); ++b) {
    const double sum = total[b];
    if (options_.reward == Reward::mean) total[b] /= static_cast<double>(lengths[b]);
    if (expected(b)) continue;
    result.rewards.caption += total[b];
    result.rewards.word += sum;
    result.captions += 1;
    result.words += lengths[b];
  }
  each_word(batch_.out, [&](size_t row, size_t b) { shared[row] = total[b]; });
  return by_word() ? from_here(log_p) : shared;
}

// b for every word: the moving mean, for each of the words that the reward counts.
std::vector<double> Estimate::baselines() const {
  const auto words = static_cast<size_t>(batch_.out.rows.size(0));
  if (options_.estimator == "reinforce") return std::vector<double>(words, 0);
  if (by_word()) return from_here(std::vector<double>(words, past_.word));
  return std::vector<double>(words, past_.caption);
}

// The value of one and the gradient of the other.
Tensor disguise(const Tensor& gradient_of, const Tensor& value_of) {
  return gradient_of + detach(value_of - gradient_of);
}

// Minus  log p + lambda_r (R - b) log pi + lambda_e H,  summed over words; R is made of `rewarded`.
Tensor Estimate::surrogate(const Tensor& log_p, const Tensor& rewarded, const Tensor& before,
                           HardLoss& result) const {
  const int64_t words = log_p.numel();
  const DType dtype = log_p.dtype();
  const Shape column{words, 1};
  const Tensor scores = concat(scores_, 0), choice = concat(choices_, 0);
  const Tensor reward = Tensor::from(rewards(rewarded.to_vector(), result), column, dtype);
  Tensor b = Tensor::from(baselines(), column, dtype);
  Tensor error;
  if (model_.baseline_inner.weight) {  // learns beside any estimator, so that it can be compared
    const Tensor guess = b + model_.baseline_outer(tanh(model_.baseline_inner(detach(before))));
    error = mse(guess, reward, Reduction::sum) * kBaselineWeight;
    if (options_.estimator == "learned") b = guess;
  }
  const bool scored = options_.estimator != "gumbel";  // else the gradient goes through the choice itself
  const HardAttentionTerms terms{.logp = reshape(log_p, column),
                                 .log_pi = reshape(log_choice(scores, choice), column),
                                 .entropy = reshape(attention_entropy(scores), column),
                                 .reward = reward,
                                 .baseline = b,
                                 .step_mask = {}};
  const Tensor loss = hard_attention_loss(terms, scored ? options_.lambda_r : 0, options_.lambda_e) *
                      static_cast<double>(words);
  return error ? loss + error : loss;
}

HardLoss Estimate::operator()(const Tensor& pictures) {
  encoded_ = model_.encode(pictures, batch_.place, with_.dropout);
  vectors_ = model_.word_vectors(batch_.in.rows, with_);
  if (exact()) projected_ = model_.cell.project(vectors_);
  const Captioner::Run steps = model_.run(
      encoded_, batch_.in, vectors_, [this](const State& before, int64_t first) { return look(before, first); });
  HardLoss result;
  if (exact()) {
    const Tensor log_p = concat(words_, 0);
    result.loss = disguise(surrogate(log_p, detach(log_p), steps.before, result), -sum(log_p));
    return result;
  }
  std::optional<Rng> masks;  // as they stand before the readout, to be drawn a second time
  if (with_.dropout) masks = *with_.dropout;
  const Tensor logits = model_.readout(steps.states, vectors_, steps.contexts, with_);
  const Tensor log_p = log_probability(logits, batch_.out.rows);
  Tensor rewarded = detach(log_p);
  if (critical()) rewarded = rewarded - words_by_expectation(masks ? &*masks : nullptr);
  result.loss = disguise(surrogate(log_p, rewarded, steps.before, result), -sum(log_p));
  if (with_.label_smoothing == 0) return result;
  // The reward is the true probability; the words are taught the smoothed one.
  const CrossEntropyOptions smooth{.label_smoothing = with_.label_smoothing, .reduction = Reduction::sum};
  const CrossEntropyOptions plain{.reduction = Reduction::sum};
  result.loss = result.loss + cross_entropy(logits, batch_.out.rows, smooth) -
                cross_entropy(logits, batch_.out.rows, plain);
  return result;
}

}  // namespace

HardDraw draw_hard(const HardOptions& options, const CaptionBatch& batch, bool whole_batch, Rng& random) {
  HardDraw draw;
  if (options.expectation != Expectation::none && options.estimator != "gumbel" &&
      options.estimator != "exact") {
    const bool by_picture = options.expectation == Expectation::picture;
    std::vector<bool> pictures;
    for (size_t i = 0; i < batch.pictures.size(); ++i)
      pictures.push_back(by_picture ? random.bernoulli(1 - options.drawn) : whole_batch);
    for (const int64_t place : batch.place) draw.expected.push_back(pictures[static_cast<size_t>(place)]);
  }
  draw.choose = [&random](const Tensor& alpha) { return random.categorical(alpha).to_ids(); };
  draw.noise = &random;
  return draw;
}

HardLoss hard_loss(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures,
                   const HardOptions& options, const HardDraw& draw, const Baselines& baselines,
                   const LossOptions& with) {
  if (!model.attention.score.v)
    throw Error("captioner: hard attention needs a model with attention, this has none");
  if (options.estimator == "learned" && !model.baseline_inner.weight)
    throw Error("captioner: the learned baseline needs a model with settings.learned_baseline");
  return Estimate(model, batch, options, draw, baselines, with)(pictures);
}

}  // namespace heed::caption
