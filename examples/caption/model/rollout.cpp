#include "examples/caption/model/rollout.h"

#include <algorithm>

#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/losses/cross_entropy.h"

namespace heed::caption {
namespace {

// Tensor [n, ..], each row `times` times.
Tensor spread(const Tensor& x, int64_t times) {
  std::vector<int64_t> rows;
  for (int64_t b = 0; b < x.size(0); ++b) rows.insert(rows.end(), static_cast<size_t>(times), b);
  return index_select(x, 0, Tensor::from(rows));
}

// [n, 1]: 1 for those of the first n captions that get the expectation; undefined if none does.
Tensor expected_rows(const std::vector<bool>& expected, int64_t n, DType dtype) {
  if (expected.empty()) return {};
  const std::vector<double> rows(expected.begin(), expected.begin() + n);
  if (std::find(rows.begin(), rows.end(), 1.0) == rows.end()) return {};
  return Tensor::from(rows, {n, 1}, dtype);
}

}  // namespace

Rollout::Rollout(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures,
                 const LossOptions& with)
    : model_(model), batch_(batch), with_(with), encoded_(model.encode(pictures, batch.place, with.dropout)) {
  vectors_ = model.word_vectors(batch.in.rows, with);
}

void Rollout::run(const Weigh& weigh) {
  std::vector<Tensor> all_scores, all_weights;
  const auto attend = [&](const State& state, int64_t first) {
    all_scores.push_back(model_.attention.score(state.h, encoded_.memory.keys, encoded_.memory.mask));
    const Tensor chosen = weigh(all_scores.back(), state, first);
    all_weights.push_back(detach(chosen));
    return weighted_rows(chosen, encoded_.memory.annotations, encoded_.memory.mask);
  };
  steps_ = model_.run(encoded_, batch_.in, vectors_, attend);
  scores = join_steps(all_scores);
  weights = join_steps(all_weights);
  before = steps_.before;
}

Tensor Rollout::log_p() {
  logits = model_.readout(steps_.states, vectors_, steps_.contexts, with_);
  return log_probability(logits, batch_.out.rows);
}

Tensor Rollout::log_p_by_expectation(Rng* masks) const {
  Immutable* const weights = Immutable::current();
  const Untaped constant;
  const Immutable::Scope scope(weights);  // no parameter is written to meanwhile
  const auto attend = [this](const State& state, int64_t) {
    return model_.attend(encoded_, state.h, Reading::expectation, nullptr).context;
  };
  const Captioner::Run steps = model_.run(encoded_, batch_.in, vectors_, attend);
  const Tensor all = model_.readout(steps.states, vectors_, steps.contexts, {.dropout = masks});
  return log_probability(all, batch_.out.rows);
}

// Of the words of one step, [n]; `projected` is what the cell makes of the word vectors.
Tensor Rollout::at_every_place(const Tensor& projected, const Tensor& e, const State& state,
                               int64_t first) const {
  const int64_t n = e.size(0), places = e.size(1);
  std::vector<int64_t> rows;
  for (int64_t b = 0; b < n; ++b)
    for (int64_t i = 0; i < places; ++i) rows.push_back(encoded_.memory.mask->row(b, i));
  const State all{spread(state.h, places), spread(state.c, places)};
  const Tensor context = model_.gate(index_select(encoded_.memory.annotations, 0, Tensor::from(rows)), all.h);
  const State after = model_.advance(spread(narrow(projected, 0, first, n), places), context, all);
  const Tensor words = spread(narrow(vectors_, 0, first, n), places);
  const Tensor logits_of_places = model_.readout(after.h, words, context, with_);
  const Tensor log_p =
      log_probability(logits_of_places, spread(narrow(batch_.out.rows, 0, first, n), places));
  return sum(softmax(e) * reshape(log_p, {n, places}), {1});
}

Tensor Rollout::run_at_every_place(const Weigh& weigh) {
  const Tensor projected = model_.cell.project(vectors_);
  std::vector<Tensor> log_p;
  run([&](const Tensor& e, const State& state, int64_t first) {
    log_p.push_back(at_every_place(projected, e, state, first));
    return weigh(e, state, first);
  });
  return join_steps(log_p);
}

Rollout::Weigh draw_places(const HardDraw& draw) {
  return [&draw](const Tensor& scores, const State&, int64_t) {
    return draw.reading(softmax(scores), expected_rows(draw.expected, scores.size(0), scores.dtype()));
  };
}

}  // namespace heed::caption
