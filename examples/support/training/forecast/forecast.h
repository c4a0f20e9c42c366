// `train --cost`: what a step of training will cost in arithmetic and memory, before one is made.
#pragma once

#include <string>

#include "examples/support/training/training.h"

namespace heed::support {

// The table of the longest batch of the first epoch (check/cost.h), and the most memory that training will have in use
// with so many threads. Runs the forward pass of that batch; the model stays as it is.
std::string forecast(Task& task, const TrainingOptions& options);

}  // namespace heed::support
