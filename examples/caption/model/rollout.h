// Captions rolled out with the right words, each word reading the picture as it is told: what the estimators
// of hard attention (estimators.h) have in common.
#pragma once

#include <functional>
#include <vector>

#include "examples/caption/model/captioner.h"

namespace heed::caption {

// What is random in one estimate.
struct HardDraw {
  std::vector<bool> expected;  // [B]: captions that get the expectation; empty: none
  // The weights [n, L] of a step, given alpha [n, L] and HardReading::expected.
  std::function<Tensor(const Tensor& alpha, const Tensor& expected)> reading;
  Rng* noise = nullptr;  // of the Gumbel distribution
};

// A caption for each row of the batch. Its tensors have a row for each of the N words, in packed order.
class Rollout {
 public:
  // Encodes the pictures. Keeps references to all of these.
  Rollout(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures, const LossOptions& with);

  // The weights [n, L] that a step reads with, given its scores e_t [n, L], the state before it, and the row
  // of its first word.
  using Weigh = std::function<Tensor(const Tensor& scores, const State& before, int64_t first)>;
  // Goes through all steps: sets scores, weights and before.
  void run(const Weigh& weigh);
  // The same, and besides makes each step once for each place: gives sum_i alpha_ti log p(y_t | s_t = i,
  // s_<t) of every word, [N]. Costs L times the work.
  Tensor run_at_every_place(const Weigh& weigh);

  // log p(y_t | s_1 .. s_t) of every word, [N], after run(). Sets logits.
  Tensor log_p();
  // The same with the expectation read at every step, a constant; `masks` gives the random numbers of
  // dropout.
  Tensor log_p_by_expectation(Rng* masks) const;

  Tensor scores;   // e [N, L]
  Tensor weights;  // [N, L], a constant: what was read with, one-hot for a drawn place
  Tensor before;   // h_{t-1} [N, H]
  Tensor logits;   // [N, V]

 private:
  Tensor at_every_place(const Tensor& projected, const Tensor& scores, const State& before,
                        int64_t first) const;

  const Captioner& model_;
  const CaptionBatch& batch_;
  const LossOptions& with_;
  Encoded encoded_;
  Tensor vectors_;  // E y of the words before, [N, E]
  Captioner::Run steps_;
};

// Reads the places that are drawn, and the expectation for captions that get it.
Rollout::Weigh draw_places(const HardDraw& draw);

}  // namespace heed::caption
