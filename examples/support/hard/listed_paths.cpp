#include "examples/support/hard/listed_paths.h"

#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/hard_attention.h"

namespace heed::support {

int64_t number_of_paths(int64_t places, int64_t steps, int64_t most) {
  int64_t paths = 1;
  for (int64_t t = 0; t < steps && paths <= most; ++t) paths *= places;
  return std::min(paths, most + 1);
}

ListedPaths list_paths(Rollout& roll, int64_t places, int64_t steps) {
  // Path n reads the digits of n to the base of the places, the last digit first.
  int64_t weight = 1;
  roll.run([&](const Tensor& scores) {
    std::vector<int64_t> digits;
    for (int64_t path = 0; path < scores.size(0); ++path) digits.push_back(path / weight % places);
    weight *= places;
    return to(one_hot(Tensor::from(digits), places), scores.dtype());
  });
  // All copies are as long as each other, so the packed rows are a table [steps, paths].
  const auto of_paths = [&](const Tensor& words) { return sum(reshape(words, {steps, -1}), {0}); };
  const Tensor log_p = roll.log_p();
  return {of_paths(log_choice(roll.scores, roll.weights)), of_paths(log_p)};
}

Tensor ListedPaths::bound() const { return sum(exp(log_pi) * log_p); }
Tensor ListedPaths::marginal() const { return logsumexp(log_pi + log_p); }

}  // namespace heed::support
