// The exact value of what the estimators of hard attention estimate (estimators.h), by a list of all paths of places:
// for texts so short, and things so small, that there are some thousands.
#pragma once

#include "examples/support/hard/rollout.h"

namespace heed::support {

struct ListedPaths {
  Tensor log_pi, log_p;  // log p(s) and log p(y | s) of every path, [paths]

  Tensor bound() const;     // sum_s p(s) log p(y | s), Xu et al. (10); a scalar
  Tensor marginal() const;  // log sum_s p(s) p(y | s)
};

// places^steps; never more than `most` + 1.
int64_t number_of_paths(int64_t places, int64_t steps, int64_t most);

// `roll` is of one text of so many words, there as often as there are paths: each copy takes its own.
ListedPaths list_paths(Rollout& roll, int64_t places, int64_t steps);

}  // namespace heed::support
