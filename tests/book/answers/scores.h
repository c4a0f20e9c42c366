// Your answers to chapter 11. Take the slashes away from a function and write what it does: it takes the
// place of the solution. Weights and Step stand in tests/book/given/scores.h.
#pragma once

#include "tests/book/given/scores.h"
#include "tests/book/solutions/scores.h"

namespace heed::book::scores {

struct mine : right {
  // 11.1: a step with input feeding; word [1, H], annotations [S, H]; score dot, window global. From s and h~
  // of the step before to those of this one.
  // static Step step(const Weights& w, const Tensor& word, const Tensor& annotations, const Step& before) {}
  // 11.2: the weights of local-p [S], by the scores of all places [S], p and D.
  // static std::vector<double> local_p(const std::vector<double>& scores, double p, int radius) {}
};

}  // namespace heed::book::scores
