// Texts rolled out with the right words, each word reading what it attends to as it is told: what the estimators of
// hard attention (estimators.h) have in common. A program derives its own.
#pragma once

#include <functional>
#include <vector>

#include "autograd/base/rng.h"
#include "autograd/base/tensor.h"

namespace heed::support {

// What is random in one estimate.
struct HardDraw {
  std::vector<bool> expected;  // [B]: texts that get the expectation; empty: none
  // The weights [n, L] of a step, given alpha [n, L] and HardReading::expected.
  std::function<Tensor(const Tensor& alpha, const Tensor& expected)> reading;
  Rng* noise = nullptr;  // of the Gumbel distribution
};

// A text for each row of the batch. Its tensors have a row for each of the N words, in packed order.
class Rollout {
 public:
  virtual ~Rollout() = default;

  // The weights [n, L] that a step reads with, given its scores e_t [n, L], of which alpha_t is the softmax.
  using Weigh = std::function<Tensor(const Tensor& scores)>;
  // Goes through all steps: sets scores, weights and before.
  virtual void run(const Weigh& weigh) = 0;
  // The places at which a step is made besides, i64 [n, M], given its scores.
  using Choose = std::function<Tensor(const Tensor& scores)>;
  // The same, and makes each step once for each place that is chosen: gives log p(y_t | s_t = i, s_<t) of every word and
  // each of its places i, [N, M]. Costs M times the work.
  virtual Tensor run_at_places(const Weigh& weigh, const Choose& choose) = 0;

  // log p(y_t | s_1 .. s_t) of every word, [N], after run(). Sets logits.
  virtual Tensor log_p() = 0;
  // The same with the expectation read at every step, a constant; `masks` gives the random numbers of
  // dropout.
  virtual Tensor log_p_by_expectation(Rng* masks) const = 0;

  Tensor scores;   // e [N, L]
  Tensor weights;  // [N, L], a constant: what was read with, one-hot for a drawn place
  Tensor before;   // the state that looked, [N, H]
  Tensor logits;   // [N, V]
};

// Reads the places that are drawn, and the expectation for texts that get it.
Rollout::Weigh draw_places(const HardDraw& draw);

// Rows of x, each `times` times: [n, ..] -> [n times, ..].
Tensor spread_rows(const Tensor& x, int64_t times);

}  // namespace heed::support
