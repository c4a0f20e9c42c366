// How much an estimator of hard attention's gradient scatters: the figure by which estimators are compared.
#pragma once

#include "examples/caption/model/estimators.h"
#include "optim/thread_pool.h"

namespace heed::caption {

struct GradientSpread {
  double variance = 0;  // E |g - E g|^2, summed over the parameters of the attention
  double squared = 0;   // |E g|^2, of which what is left of the scatter after so many draws is taken off
};

// Of the loss per caption, from `draws` (at least 2) independent estimates on one batch, without dropout,
// entropy term, or expectations in place of draws. Only the draws of places differ.
GradientSpread gradient_spread(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures,
                               HardOptions options, const Baselines& baselines, int64_t draws,
                               const Rng& random, ThreadPool& pool);

}  // namespace heed::caption
