// How much an estimator of hard attention's gradient scatters: the figure by which estimators are compared.
#pragma once

#include <functional>
#include <vector>

#include "autograd/base/rng.h"
#include "autograd/base/tensor.h"
#include "optim/thread_pool.h"

namespace heed::support {

struct GradientSpread {
  std::vector<double> mean;  // E g, of all parameters one after the other
  double variance = 0;       // E |g - E g|^2, summed over the parameters of the attention
  double squared = 0;        // |E g|^2, of which what is left of the scatter after so many draws is taken off
};

// Of the gradient of loss(random) by these parameters, from `draws` (at least 2) independent estimates, each with a
// stream of its own. Only what the loss draws should differ: no dropout, no expectations in place of draws.
GradientSpread gradient_spread(const std::function<Tensor(Rng& random)>& loss, const std::vector<Tensor>& of,
                               int64_t draws, const Rng& random, ThreadPool& pool);

}  // namespace heed::support
