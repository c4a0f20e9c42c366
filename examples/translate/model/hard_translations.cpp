#include "examples/translate/model/hard_translations.h"

#include "autograd/ops/indexing.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"
#include "nn/attention/rows/row_scores.h"
#include "nn/losses/cross_entropy.h"

namespace heed::translate {
namespace {

using support::spread_rows;

// log alpha; a place without weight is not to be drawn.
Tensor log_of(const Tensor& alpha) {
  return zip(
      "log_alpha", [](auto a) { return where(a <= 0, -1e30, log(a)); }, alpha);
}

}  // namespace

// Vectors of words are looked up once, so that all that is run sees the same dropout.
TranslationRollout::TranslationRollout(const Translator& model, const Batch& batch, const LossOptions& with)
    : model_(model), batch_(batch), with_(with), encoded_(model.encode(batch, with)), inputs_(model.inputs(with)) {
  vectors_ = inputs_.vectors(batch.target_in.rows);
  const Tensor after = inputs_.vectors(batch.target_out.rows);
  inputs_.vectors = [this, after](const Tensor& ids) { return ids.is(batch_.target_in.rows) ? vectors_ : after; };
}

void TranslationRollout::run(const Weigh& weigh) { run(weigh, {}); }

void TranslationRollout::run(const Weigh& weigh, const std::function<void(const Step&)>& visit) {
  std::vector<Tensor> all_scores, all_weights, queries;
  const AnyAttention& attention = model_.attention();
  DecoderInputs inputs = inputs_;
  inputs.attend = [&](const State& state, const Tensor& query, int64_t time, int64_t first) {
    const Tensor position = Tensor::full({query.size(0)}, static_cast<double>(time), DType::i64);
    const Focus focus = attention.window.focus(query, encoded_.memory.mask, position);
    const Weights soft = attention.window(attention.score(query, encoded_.memory.keys, focus.mask), focus);
    all_scores.push_back(log_of(soft.alpha));
    queries.push_back(query);
    if (visit) visit({all_scores.back(), state, *focus.mask, first});
    const Tensor chosen = weigh(all_scores.back());
    all_weights.push_back(detach(chosen));
    return Attended{.context = weighted_rows(chosen, encoded_.memory.annotations, focus.mask)};
  };
  units_ = model_.run(encoded_, batch_, inputs).units;
  scores = join_steps(all_scores);
  weights = join_steps(all_weights);
  before = join_steps(queries);
}

Tensor TranslationRollout::log_p() {
  logits = model_.output(model_.before_output(units_, with_));
  return log_probability(logits, batch_.target_out.rows);
}

Tensor TranslationRollout::log_p_by_expectation(Rng* masks) const {
  Immutable* const weights = Immutable::current();
  const Untaped constant;
  const Immutable::Scope scope(weights);  // no parameter is written to meanwhile
  const Tensor units = model_.run(encoded_, batch_, inputs_).units;
  return log_probability(model_.output(model_.before_output(units, {.dropout = masks})), batch_.target_out.rows);
}

// Of the words of one step, [n, M].
Tensor TranslationRollout::at_places(const Tensor& projected, const Step& step, const Tensor& places) const {
  const int64_t n = step.scores.size(0), of_each = step.scores.size(1), m = places.size(1);
  const auto of_step = [&](const Tensor& rows) { return spread_rows(narrow(rows, 0, step.first, n), m); };
  const Tensor all = reshape(attended_rows(encoded_.memory.annotations, step.mask, n), {n * of_each, -1});
  const Tensor first = reshape(Tensor::arange(n) * of_each, {n, 1});
  const Tensor context = index_select(all, 0, reshape(places + first, {-1}));
  const State state{spread_rows(step.state.h, m), step.state.c ? spread_rows(step.state.c, m) : Tensor()};
  const Tensor units = model_.units({of_step(vectors_), of_step(projected), context, state});
  const Tensor log_p =
      log_probability(model_.output(model_.before_output(units, with_)), of_step(batch_.target_out.rows));
  return reshape(log_p, {n, m});
}

Tensor TranslationRollout::run_at_places(const Weigh& weigh, const Choose& choose) {
  const Tensor projected = model_.projected(batch_, inputs_);
  std::vector<Tensor> log_p;
  run(weigh, [&](const Step& step) { log_p.push_back(at_places(projected, step, choose(step.scores))); });
  return join_steps(log_p);
}

support::HardLoss hard_loss(const Translator& model, const Batch& batch, const support::HardOptions& options,
                            const support::HardDraw& draw, const support::Baselines& baselines,
                            const LossOptions& with) {
  if (model.settings.model == ModelKind::fixed)
    throw Error("translator: hard attention needs a model with attention, this has a fixed context");
  TranslationRollout roll(model, batch, with);
  return support::hard_loss(
      {roll, batch.target_out, options, draw, baselines, model.guess, with.label_smoothing, with.dropout});
}

}  // namespace heed::translate
