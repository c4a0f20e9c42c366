// Attention: every score, window and reading.
#include "nn/attention/attention.h"

#include <cmath>

#include "autograd/ops/softmax.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

// Queries [B, Q] or [B, U, Q], keys [B, T, K] with their mask, a position for each query.
struct Batch {
  Tensor query, keys, mask, position;
};
Batch draw_batch(Draw& draw, int64_t query_size, int64_t key_size) {
  const int64_t rows = draw.up_to(2), steps = draw.up_to(4);
  const Shape lead = draw.chance(0.4) ? Shape{rows, draw.up_to(2)} : Shape{rows};
  Shape query = lead;
  query.push_back(query_size);
  Batch batch{draw.numbers(query), draw.numbers({rows, steps, key_size}), {}, draw.ids(lead, steps)};
  if (draw.chance(0.7)) batch.mask = length_mask(draw.lengths(rows, steps), steps);
  return batch;
}

// The score alone, by query, keys and its weights.
template <class Score>
Sample check_score(Draw& draw, const Score& score, int64_t query, int64_t key) {
  const Batch batch = draw_batch(draw, query, key);
  return sample_of(draw, score, {batch.query, batch.keys},
                   [](const Score& mine, const Inputs& x) { return mine(x[0], mine.prepare(x[1])); });
}

Sample draw_additive(Draw& draw) {
  const int64_t query = draw.up_to(3), key = draw.up_to(3), hidden = draw.length();
  AdditiveScore score(query, key, hidden, draw.rng(), draw.chance(0.5));
  if (draw.chance(0.5)) score.v_bias = draw.numbers({1});
  return check_score(draw, score, query, key);
}
Sample draw_dot(Draw& draw) {
  const int64_t size = draw.length();
  return check_score(draw, DotScore{}, size, size);
}
Sample draw_scaled_dot(Draw& draw) {
  const int64_t size = draw.length();
  return check_score(draw, ScaledDotScore{}, size, size);
}
Sample draw_general(Draw& draw) {
  const int64_t query = draw.up_to(3), key = draw.up_to(3);
  return check_score(draw, GeneralScore(query, key, draw.rng()), query, key);
}
Sample draw_concat_score(Draw& draw) {
  const int64_t query = draw.up_to(3), key = draw.up_to(3);
  return check_score(draw, ConcatScore(query, key, draw.up_to(4), draw.rng()), query, key);
}
Sample draw_location(Draw& draw) {
  const int64_t query = draw.up_to(3);
  return check_score(draw, LocationScore(query, 4 + draw.below(2), draw.rng()), query, draw.up_to(2));
}
AnyScore draw_any(Draw& draw, int64_t size) {
  const char* const names[] = {"additive", "dot", "scaled_dot", "general", "concat", "location"};
  return make_score(names[draw.below(6)], {size, size, 2, 5}, draw.rng());
}
Sample draw_any_score(Draw& draw) {
  const int64_t size = draw.up_to(3);
  return check_score(draw, draw_any(draw, size), size, size);
}

// A window by query and scores; both weights and the centre are results.
template <class Window>
Sample check_window(Draw& draw, const Window& window, const Batch& batch, const Tensor& scores) {
  return sample_of(draw, window, {batch.query, scores}, [=](const Window& mine, const Inputs& x) {
    const Weights w = mine(x[0], x[1], {batch.keys, batch.keys, batch.mask}, batch.position);
    std::vector<Tensor> results{w.align, w.alpha};
    if (w.center) results.push_back(w.center);
    return results;
  });
}
Tensor draw_scores(Draw& draw, const Batch& batch) {
  Shape shape = batch.query.shape();
  shape[shape.rank() - 1] = batch.keys.size(1);
  return draw.numbers(shape, -2, 2);
}

Sample draw_global(Draw& draw) {
  const Batch batch = draw_batch(draw, 1, 1);
  return check_window(draw, GlobalWindow{}, batch, draw_scores(draw, batch));
}
Sample draw_local_monotonic(Draw& draw) {
  const Batch batch = draw_batch(draw, 1, 1);
  return check_window(draw, LocalMonotonicWindow{draw.below(3)}, batch, draw_scores(draw, batch));
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
    const Batch batch = draw_batch(draw, query, 1);
    const Sample found = check_window(draw, window, batch, draw_scores(draw, batch));
    const std::vector<Tensor> results = found.f(found.inputs);
    if (results.size() < 3 || clear_of_whole_numbers(results[2])) return found;
  }
}
LocalPredictiveWindow predictive(Draw& draw, int64_t query) {
  LocalPredictiveWindow window(query, draw.up_to(3), draw.up_to(2), draw.rng());
  window.inside_only = draw.chance(0.6);
  return window;
}
Sample draw_local_predictive(Draw& draw) {
  const int64_t query = draw.up_to(3);
  return until_clear(draw, predictive(draw, query), query);
}
AnyWindow draw_some_window(Draw& draw, int64_t query) {
  const int64_t kind = draw.below(3);
  if (kind == 0) return {GlobalWindow{}};
  if (kind == 1) return {LocalMonotonicWindow{1}};
  return {predictive(draw, query)};
}
Sample draw_any_window(Draw& draw) {
  const int64_t query = draw.up_to(3);
  return until_clear(draw, draw_some_window(draw, query), query);
}

Sample draw_attention(Draw& draw) {
  while (true) {
    const int64_t size = draw.up_to(3);
    const Batch batch = draw_batch(draw, size, size);
    const Attention whole{draw_any(draw, size), draw_some_window(draw, size), SoftReading{}};
    const Sample found =
        sample_of(draw, whole, {batch.query, batch.keys}, [=](const auto& mine, const Inputs& x) {
          const Attended a = mine(x[0], mine.remember(x[1], batch.mask), batch.position);
          std::vector<Tensor> results{a.scores, a.alpha, a.context};
          if (a.center) results.push_back(a.center);
          return results;
        });
    const std::vector<Tensor> results = found.f(found.inputs);
    if (results.size() < 4 || clear_of_whole_numbers(results[3])) return found;
  }
}

Sample draw_read(Draw& draw) {
  const int64_t rows = draw.up_to(2), steps = draw.up_to(3);
  const Shape weights = draw.chance(0.5) ? Shape{rows, steps} : Shape{rows, draw.up_to(2), steps};
  return sample([](const Inputs& x) { return read(x[0], x[1]); },
                {draw.numbers(weights), draw.numbers({rows, steps, draw.up_to(4)})});
}
Sample draw_soft(Draw& draw) {
  return sample([](const Inputs& x) { return SoftReading{}(x[0] * x[0]); }, {draw.numbers(draw.shape(2, 3))});
}

// The choice is the most probable position, and stays so when alpha moves a little: alpha is apart. A drawn
// line passes no gradient, one that reads the expectation passes all of it.
Sample draw_hard(Draw& draw) {
  const int64_t rows = draw.up_to(3), steps = draw.up_to(4);
  HardReading reading;
  reading.expected = draw.mask({rows, 1}, 0.5);
  return sample([=](const Inputs& x) { return read(reading(x[0]), x[1]); },
                {abs(draw.apart({rows, steps})), draw.numbers({rows, steps, 2})});
}
Sample draw_given(Draw& draw) {
  const int64_t rows = draw.up_to(3), steps = draw.up_to(4);
  const GivenReading reading{draw.mask({rows, steps}, 0.3)};
  return sample([=](const Inputs& x) { return read(reading(x[0]), x[1]); },
                {draw.numbers({rows, steps}, 0, 1), draw.numbers({rows, steps, 2})});
}

}  // namespace

Entries attention() {
  return {
      {"AdditiveScore", draw_additive, 5},
      {"DotScore", draw_dot, 5},
      {"ScaledDotScore", draw_scaled_dot, 5},
      {"GeneralScore", draw_general, 5},
      {"ConcatScore", draw_concat_score, 5},
      {"LocationScore", draw_location, 5},
      {"AnyScore", draw_any_score, 10},
      {"GlobalWindow", draw_global, 5},
      {"LocalMonotonicWindow", draw_local_monotonic, 5},
      {"LocalPredictiveWindow", draw_local_predictive, 5},
      {"AnyWindow", draw_any_window, 10},
      {"Attention", draw_attention, 10},
      {"read", draw_read},
      {"SoftReading", draw_soft},
      {"HardReading", draw_hard},
      {"GivenReading", draw_given},
  };
}

}  // namespace heed::gradients
