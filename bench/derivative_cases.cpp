// What derivatives cost beside the function itself, and what recompute() saves: the tables of docs/derivatives.md.
#include "autograd/backward/recompute.h"
#include "autograd/functional/derivatives.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/zip/elementwise.h"
#include "bench/measure.h"
#include "nn/recurrent/lstm.h"

namespace heed::bench {
namespace {

constexpr int64_t kRows = 64, kWidth = 256;

// Two layers of tanh and a mean of squares.
struct Network {
  Rng rng{1};
  std::vector<Tensor> weights{rng.uniform({kWidth, kWidth}, -0.1, 0.1), rng.uniform({kWidth, kWidth}, -0.1, 0.1)};
  std::vector<Tensor> directions{rng.uniform({kWidth, kWidth}, -1, 1), rng.uniform({kWidth, kWidth}, -1, 1)};
  Tensor x = rng.uniform({kRows, kWidth}, -1, 1);
  Tensor upstream = Tensor::full({}, 1);

  Tensor operator()(const std::vector<Tensor>& w) const {
    const Tensor h = tanh(matmul(tanh(matmul(x, w[0])), w[1]));
    return mean(h * h);
  }
};

Case derivative_case(const std::function<void(const Network&)>& step) {
  const auto network = std::make_shared<Network>();
  Case result;
  result.step = [=] {
    step(*network);
    return kNoLoss;
  };
  return result;
}

// An LSTM over 500 steps, `part` of them recomputed at a time; 0: nothing is.
Case long_sequence(int64_t part) {
  constexpr int64_t steps = 500, batch = 16, hidden = 128;
  Rng rng(1);
  const auto cell = std::make_shared<LstmCell>(hidden, hidden, rng);
  const auto parameters = std::make_shared<Parameters>(*cell);
  const Tensor x = rng.uniform({steps, batch, hidden}, -1, 1);
  const auto run = [=](int64_t from, int64_t count, const std::vector<Tensor>& from_state) {
    State state{from_state[0], from_state[1]};
    for (int64_t t = from; t < from + count; ++t) state = cell->step(cell->project(x[t]), state);
    return std::vector<Tensor>{state.h, state.c};
  };
  Case result;
  result.unit = "tokens/s";
  result.items = static_cast<double>(steps * batch);
  result.step = [=] {
    Tape tape;
    std::vector<Tensor> state{Tensor::zeros({batch, hidden}), Tensor::zeros({batch, hidden})};
    const int64_t count = part ? part : steps;
    for (int64_t t = 0; t < steps; t += count)
      state = part ? recompute([&, t](const std::vector<Tensor>& s) { return run(t, count, s); }, state)
                   : run(t, count, state);
    const Tensor loss = sum(state[0] * state[0]);
    tape.gradients(loss, *parameters);
    return loss.item();
  };
  return result;
}

}  // namespace

void add_derivative_cases(std::vector<Entry>& to) {
  using Step = std::function<void(const Network&)>;
  const std::pair<const char*, Step> steps[] = {
      {"f", [](const Network& f) { f(f.weights); }},
      {"vjp", [](const Network& f) { vjp(f, f.weights, {f.upstream}); }},
      {"jvp", [](const Network& f) { jvp(f, f.weights, f.directions); }},
      {"hvp", [](const Network& f) { hvp(f, f.weights, f.directions); }},
  };
  for (const auto& [name, step] : steps)
    to.push_back({fmt::format("derivative_{}", name), false, [step = step](auto&) { return derivative_case(step); }});
  for (const int64_t part : {0, 20, 100})
    to.push_back({part ? fmt::format("recompute_{}", part) : "recompute_none", true,
                  [part](auto&) { return long_sequence(part); }});
}

}  // namespace heed::bench
