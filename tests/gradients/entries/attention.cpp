// Attention: every score, window and reading.
#include "nn/attention/attention.h"

#include <cmath>

#include "autograd/ops/softmax.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/choices.h"
#include "tests/gradients/entries/masks.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

// Queries with rows of their own or in common, some of which attend to nothing, and a position for each.
struct Batch {
  Tensor query, annotations, position;
  SharedMask mask;
};
Batch draw_batch(Draw& draw, int64_t query_size, int64_t annotation_size) {
  const int64_t queries = draw.up_to(3), rows = draw.up_to(5), width = draw.up_to(4);
  return {draw.numbers({queries, query_size}), draw.numbers({rows, annotation_size}), draw.ids({queries}, width),
          draw_mask(draw, queries, rows, width)};
}

// The score alone, by query, annotations and its weights.
template <class Score>
Sample check_score(Draw& draw, const Score& score, int64_t query, int64_t annotation) {
  const Batch batch = draw_batch(draw, query, annotation);
  return sample_of(
      draw, score, {batch.query, batch.annotations},
      [mask = batch.mask](const Score& mine, const Inputs& x) { return mine(x[0], mine.prepare(x[1]), mask); });
}

ScoreSizes draw_sizes(Draw& draw, bool one_size) {
  ScoreSizes sizes{.query = draw.up_to(3), .annotation = draw.up_to(3), .hidden = draw.length()};
  if (one_size) sizes.annotation = sizes.query = draw.length();
  sizes.max_length = draw.up_to(5);
  sizes.bias = draw.chance(0.5);
  return sizes;
}
template <class Score>
Sample draw_score(Draw& draw) {
  const ScoreSizes sizes = draw_sizes(draw, false);
  return check_score(draw, Score(sizes, draw.rng()), sizes.query, sizes.annotation);
}
Sample draw_additive(Draw& draw) {
  const ScoreSizes sizes = draw_sizes(draw, false);
  AdditiveScore score(sizes, draw.rng());
  if (draw.chance(0.5)) score.v_bias = draw.numbers({1});
  return check_score(draw, score, sizes.query, sizes.annotation);
}
AnyScore draw_any(Draw& draw, const ScoreSizes& sizes) {
  return attention_scores[draw.below(std::size(attention_scores))].make(sizes, draw.rng());
}
// Every score can take queries and annotations of one size.
Sample draw_by_name(Draw& draw, const ScoreChoice& choice) {
  const ScoreSizes sizes = draw_sizes(draw, true);
  return check_score(draw, choice.make(sizes, draw.rng()), sizes.query, sizes.annotation);
}

// A window by query and scores; both weights and the centre are results.
template <class Window>
Sample check_window(Draw& draw, const Window& window, const Batch& batch) {
  Window in_double = window;
  convert(in_double, DType::f64);
  const int64_t width = in_double.focus(batch.query, batch.mask, batch.position).mask->width;
  const Tensor scores = draw.numbers({batch.query.size(0), width}, -2, 2);
  return sample_of(draw, window, {batch.query, scores}, [=](const Window& mine, const Inputs& x) {
    const Focus focus = mine.focus(x[0], batch.mask, batch.position);
    const Weights w = mine(x[1], focus);
    std::vector<Tensor> results{w.align, by_position(w.alpha, *focus.mask, *batch.mask)};
    if (focus.center) results.push_back(focus.center);
    return results;
  });
}

Sample draw_global(Draw& draw) { return check_window(draw, GlobalWindow{}, draw_batch(draw, 1, 1)); }
Sample draw_local_monotonic(Draw& draw) {
  LocalMonotonicWindow window;
  window.radius = draw.below(3);
  return check_window(draw, window, draw_batch(draw, 1, 1));
}

// Where p crosses a whole number another position enters the window, which is not differentiated (a kink). So
// samples are drawn until every p is 0.02 away from whole numbers.
bool clear_of_whole_numbers(const Tensor& center) {
  for (const double p : center.to_vector())
    if (p != 0 && std::abs(p - std::round(p)) < 0.02) return false;
  return true;
}
template <class Window>
Sample until_clear(Draw& draw, const Window& window, int64_t query) {
  while (true) {
    const Sample found = check_window(draw, window, draw_batch(draw, query, 1));
    const std::vector<Tensor> results = found.f(found.inputs);
    if (results.size() < 3 || clear_of_whole_numbers(results[2])) return found;
  }
}
LocalPredictiveWindow predictive(Draw& draw, int64_t query) {
  LocalPredictiveWindow window({.query = query, .hidden = draw.up_to(3), .radius = draw.up_to(2)}, draw.rng());
  window.inside_only = draw.chance(0.6);
  return window;
}
Sample draw_local_predictive(Draw& draw) {
  const int64_t query = draw.up_to(3);
  return until_clear(draw, predictive(draw, query), query);
}
AnyWindow draw_some_window(Draw& draw, int64_t query) {
  return attention_windows[draw.below(std::size(attention_windows))].make(
      {.query = query, .hidden = draw.up_to(3), .radius = draw.up_to(2)}, draw.rng());
}
Sample draw_any_window(Draw& draw) {
  const int64_t query = draw.up_to(3);
  return until_clear(draw, draw_some_window(draw, query), query);
}

Sample check_attention(Draw& draw, const ScoreSizes& sizes, const AnyScore& score) {
  while (true) {
    const Batch batch = draw_batch(draw, sizes.query, sizes.annotation);
    const Attention whole{score, draw_some_window(draw, sizes.query)};
    const Sample found =
        sample_of(draw, whole, {batch.query, batch.annotations}, [=](const auto& mine, const Inputs& x) {
          const Attended a = mine(x[0], mine.remember(x[1], batch.mask), batch.position);
          std::vector<Tensor> results{a.alignment(), a.context};
          if (a.focus.center) results.push_back(a.focus.center);
          return results;
        });
    const std::vector<Tensor> results = found.f(found.inputs);
    if (results.size() < 3 || clear_of_whole_numbers(results[2])) return found;
  }
}

Sample draw_attention(Draw& draw) {
  const ScoreSizes sizes = draw_sizes(draw, true);
  return check_attention(draw, sizes, draw_any(draw, sizes));
}
// Most sentences are longer than what the score has weights for.
Sample draw_beyond_reach(Draw& draw) {
  ScoreSizes sizes = draw_sizes(draw, true);
  sizes.max_length = draw.up_to(2);
  return check_attention(draw, sizes, LocationScore(sizes, draw.rng()));
}

Sample draw_soft(Draw& draw) {
  return sample([](const Inputs& x) { return SoftReading{}(x[0] * x[0]); }, {draw.numbers(draw.shape(2, 3))});
}

// The choice is the most probable position, and stays so when alpha moves a little: alpha is apart. A line that
// chooses passes no gradient, one that reads the expectation passes all of it.
Sample draw_hard(Draw& draw) {
  const int64_t queries = draw.up_to(3), width = draw.up_to(4), rows = draw.up_to(5);
  const SharedMask mask = draw_mask(draw, queries, rows, width);
  HardReading reading;
  reading.expected = draw.mask({queries, 1}, 0.5);
  return sample([=](const Inputs& x) { return weighted_rows(reading(x[0]), x[1], mask); },
                {abs(draw.apart({queries, width})), draw.numbers({rows, 2})});
}

}  // namespace

Entries attention() {
  Entries all{
      {"AdditiveScore", draw_additive, 5},
      {"GeneralScore", draw_score<GeneralScore>, 5},
      {"ConcatScore", draw_score<ConcatScore>, 5},
      {"LocationScore", draw_score<LocationScore>, 5},
      {"GlobalWindow", draw_global, 5},
      {"LocalMonotonicWindow", draw_local_monotonic, 5},
      {"LocalPredictiveWindow", draw_local_predictive, 5},
      {"AnyWindow", draw_any_window, 10},
      {"Attention", draw_attention, 10},
      {"Attention: beyond the reach of its score", draw_beyond_reach, 10},
      {"SoftReading", draw_soft},
      {"HardReading", draw_hard},
  };
  for (const ScoreChoice& choice : attention_scores)
    all.push_back(
        {std::string("score: ") + choice.name, [&choice](Draw& draw) { return draw_by_name(draw, choice); }, 10});
  return all;
}

}  // namespace heed::gradients
