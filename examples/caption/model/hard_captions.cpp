#include "examples/caption/model/hard_captions.h"

#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/losses/cross_entropy.h"

namespace heed::caption {
using support::spread_rows;

CaptionRollout::CaptionRollout(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures,
                               const LossOptions& with)
    : model_(model), batch_(batch), with_(with), encoded_(model.encode(pictures, batch.place, with.dropout)) {
  vectors_ = model.word_vectors(batch.in.rows, with);
}

void CaptionRollout::run(const Weigh& weigh) { run(weigh, {}); }

void CaptionRollout::run(const Weigh& weigh, const Visit& visit) {
  std::vector<Tensor> all_scores, all_weights;
  const auto attend = [&](const State& state, int64_t first) {
    all_scores.push_back(model_.attention.score(state.h, encoded_.memory.keys, encoded_.memory.mask));
    if (visit) visit(all_scores.back(), state, first);
    const Tensor chosen = weigh(all_scores.back());
    all_weights.push_back(detach(chosen));
    return Attended{.context = weighted_rows(chosen, encoded_.memory.annotations, encoded_.memory.mask)};
  };
  steps_ = model_.run(encoded_, batch_.in, vectors_, attend);
  scores = join_steps(all_scores);
  weights = join_steps(all_weights);
  before = steps_.before;
}

Tensor CaptionRollout::log_p() {
  logits = model_.readout(steps_.states, vectors_, steps_.contexts, with_);
  return log_probability(logits, batch_.out.rows);
}

Tensor CaptionRollout::log_p_by_expectation(Rng* masks) const {
  Immutable* const weights = Immutable::current();
  const Untaped constant;
  const Immutable::Scope scope(weights);  // no parameter is written to meanwhile
  const auto attend = [this](const State& state, int64_t) {
    return model_.attend(encoded_, state.h, Reading::expectation, nullptr);
  };
  const Captioner::Run steps = model_.run(encoded_, batch_.in, vectors_, attend);
  const Tensor all = model_.readout(steps.states, vectors_, steps.contexts, {.dropout = masks});
  return log_probability(all, batch_.out.rows);
}

// Of the words of one step, [n, M]; `projected` is what the cell makes of the word vectors.
Tensor CaptionRollout::at_places(const Tensor& projected, const Tensor& places, const State& state,
                                 int64_t first) const {
  const int64_t n = places.size(0), m = places.size(1);
  const std::vector<int64_t> each = places.to_ids();
  std::vector<int64_t> rows;
  for (size_t i = 0; i < each.size(); ++i)
    rows.push_back(encoded_.memory.mask->row(static_cast<int64_t>(i) / m, each[i]));
  const State all{spread_rows(state.h, m), spread_rows(state.c, m)};
  const Tensor context = model_.gate(index_select(encoded_.memory.annotations, 0, Tensor::from(rows)), all.h);
  const State after = model_.advance(spread_rows(narrow(projected, 0, first, n), m), context, all);
  const Tensor words = spread_rows(narrow(vectors_, 0, first, n), m);
  const Tensor logits_of_places = model_.readout(after.h, words, context, with_);
  const Tensor log_p = log_probability(logits_of_places, spread_rows(narrow(batch_.out.rows, 0, first, n), m));
  return reshape(log_p, {n, m});
}

Tensor CaptionRollout::run_at_places(const Weigh& weigh, const Choose& choose) {
  const Tensor projected = model_.cell.project(vectors_);
  std::vector<Tensor> log_p;
  run(weigh, [&](const Tensor& e, const State& state, int64_t first) {
    log_p.push_back(at_places(projected, choose(e), state, first));
  });
  return join_steps(log_p);
}

HardDraw draw_hard(const HardOptions& options, const CaptionBatch& batch, bool whole_batch, Rng& random) {
  return support::draw_hard(options, batch.pictures.size(), batch.place, whole_batch, random);
}

HardLoss hard_loss(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures,
                   const HardOptions& options, const HardDraw& draw, const Baselines& baselines,
                   const LossOptions& with) {
  if (!model.attention.score.v) throw Error("captioner: hard attention needs a model with attention, this has none");
  CaptionRollout roll(model, batch, pictures, with);
  return support::hard_loss(
      {roll, batch.out, options, draw, baselines, model.guess, with.label_smoothing, with.dropout});
}

}  // namespace heed::caption
