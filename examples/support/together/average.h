// One model from the weights of several that began alike.
#pragma once

#include <vector>

#include "autograd/tape/parameters.h"

namespace heed::support {

using Weights = std::vector<NamedTensor>;  // of a model, named_tensors()

// The mean of each tensor, over the models, in double. Throws, naming it, if one lacks it or has another shape.
void average_weights(const Weights& into, const std::vector<Weights>& models);

// How far weights lie from each other: the root of the mean square of their differences, in lengths of the first.
// Random numbers that know nothing of each other are about sqrt(2) apart; their mean is no model.
double distance(const Weights& a, const Weights& b);

}  // namespace heed::support
