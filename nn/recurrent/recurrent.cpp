#include "nn/recurrent/recurrent.h"

#include <algorithm>

namespace heed {
namespace {

using detail::CellView;

struct Run {
  std::vector<Tensor> h;  // of each step, in the order of time
  State last;             // [B, H], in packed order
};

// Which rows of the packed sequence step t occupies.
std::vector<int64_t> step_starts(const Packed& x) {
  std::vector<int64_t> starts(x.active.size(), 0);
  for (size_t t = 1; t < starts.size(); ++t) starts[t] = starts[t - 1] + x.active[t - 1];
  return starts;
}

State step_at(const CellView& cell, const Tensor& projected, int64_t start, State state, int64_t count,
              int64_t chunk) {
  if (chunk > 0 && count > 0 && count % chunk == 0) state = detach(state);
  return cell.step(narrow(projected, 0, start, state.h.size(0)), state);
}

Run run_forward(const CellView& cell, const Packed& x, State state, int64_t chunk) {
  const Tensor projected = cell.project(x.rows);
  const std::vector<int64_t> starts = step_starts(x);
  Run run;
  std::vector<State> ended;  // the shortest sentences first, and these stand at the bottom
  const auto keep_going = [&](int64_t rows) {
    const int64_t before = state.h.size(0);
    if (rows == before) return;
    ended.push_back(narrow_rows(state, rows, before - rows));
    state = narrow_rows(state, 0, rows);
  };
  for (int64_t t = 0; t < x.steps(); ++t) {
    const TimeStep at(t);
    keep_going(x.active[static_cast<size_t>(t)]);
    state = step_at(cell, projected, starts[static_cast<size_t>(t)], std::move(state), t, chunk);
    run.h.push_back(state.h);
  }
  ended.push_back(state);
  std::reverse(ended.begin(), ended.end());
  run.last = concat_rows(ended);
  return run;
}

Run run_backward(const CellView& cell, const Packed& x, const State& initial, int64_t chunk) {
  const Tensor projected = cell.project(x.rows);
  const std::vector<int64_t> starts = step_starts(x);
  Run run;
  State state;
  const auto let_join = [&](int64_t rows) {
    const int64_t before = state.h ? state.h.size(0) : 0;
    if (rows == before && state.h) return;
    const State joining = narrow_rows(initial, before, rows - before);
    state = before == 0 ? joining : concat_rows({state, joining});
  };
  for (int64_t t = x.steps(); t-- > 0;) {
    const TimeStep at(t);
    let_join(x.active[static_cast<size_t>(t)]);
    state = step_at(cell, projected, starts[static_cast<size_t>(t)], std::move(state), x.steps() - 1 - t, chunk);
    run.h.push_back(state.h);
  }
  let_join(x.batch());
  std::reverse(run.h.begin(), run.h.end());
  run.last = state;
  return run;
}

// Row `index` of the initial states, in packed order; zeros if none are given.
State initial_state(const CellView& cell, const Packed& x, const State& initial, int64_t index) {
  const Shape shape{x.batch(), cell.hidden};
  const auto one = [&](const Tensor& all) {
    if (!all) return Tensor::zeros(shape, x.rows.dtype());
    const Tensor mine = to_packed_order(x, select(all, 0, index));
    if (!(mine.shape() == shape))
      throw Error("Recurrent: initial state {} is {}, wanted {}", index, describe(mine), to_string(shape));
    return mine;
  };
  return {one(initial.h), cell.has_memory ? one(initial.c) : Tensor{}};
}

Tensor all_steps(const Packed& x, const std::vector<Tensor>& h, int64_t hidden) {
  return h.empty() ? Tensor::zeros({0, hidden}, x.rows.dtype()) : join_steps(h);
}

void check_input(const Packed& x, const State& initial, const std::vector<CellView>& forward,
                 const std::vector<CellView>& backward) {
  const size_t states = forward.size() + backward.size();
  detail::check_layers(static_cast<int64_t>(forward.size()), 1, 1);
  if (!backward.empty() && backward.size() != forward.size())
    throw Error("Recurrent: {} layers forward, but {} backward", forward.size(), backward.size());
  if (!x.rows || x.rows.rank() != 2) throw Error("Recurrent: wants packed rows [N, I], got {}", describe(x.rows));
  check_rows("Recurrent", x);
  for (const Tensor& given : {initial.h, initial.c})
    if (given && (given.rank() != 3 || given.size(0) != static_cast<int64_t>(states)))
      throw Error("Recurrent: the initial state is {}, wanted [{}, {}, H]: one for each layer and direction",
                  describe(given), states, x.batch());
  if (initial.h || initial.c)
    for (const CellView& cell : forward) check_state("Recurrent's cell", initial, cell.has_memory);
}

}  // namespace

void detail::check_layers(int64_t layers, int64_t input, int64_t hidden) {
  if (layers < 1) throw Error("Recurrent: wants at least one layer, got {}", layers);
  if (input < 1 || hidden < 1)
    throw Error("Recurrent: wants inputs and states of at least one number, got {} and {}", input, hidden);
}

RecurrentOutput detail::run_layers(const std::vector<CellView>& forward, const std::vector<CellView>& backward,
                                   const Packed& x, const State& initial, const RecurrentOptions& options) {
  check_input(x, initial, forward, backward);
  Packed rows = x;
  std::vector<Tensor> last_h, last_c;
  const auto keep = [&](const State& last) {
    last_h.push_back(to_batch_order(x, last.h));
    if (last.c) last_c.push_back(to_batch_order(x, last.c));
  };
  const auto start = [&](const CellView& cell) {
    return initial_state(cell, x, initial, static_cast<int64_t>(last_h.size()));
  };
  for (size_t layer = 0; layer < forward.size(); ++layer) {
    const Run onward = run_forward(forward[layer], rows, start(forward[layer]), options.chunk);
    keep(onward.last);
    Tensor y = all_steps(x, onward.h, forward[layer].hidden);
    if (!backward.empty()) {
      const Run returning = run_backward(backward[layer], rows, start(backward[layer]), options.chunk);
      keep(returning.last);
      y = concat({y, all_steps(x, returning.h, backward[layer].hidden)}, 1);
    }
    if (options.between && layer + 1 < forward.size()) y = options.between(y, static_cast<int>(layer));
    rows = x.with(y);
  }
  return {rows, {stack(last_h), last_c.empty() ? Tensor{} : stack(last_c)}};
}

}  // namespace heed
