// The options of batches and training as they stand in run.json. What is missing there keeps its default, so
// that runs from before there was such a setting can still be read.
#pragma once

#include <nlohmann/json.hpp>

#include "examples/support/training/batches.h"
#include "examples/support/training/training.h"

namespace heed::support {
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(BatchOptions, batch_size, by_tokens, pool, max_length)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TrainingOptions, optimizer, learning_rate, weight_decay, clip,
                                                average, schedule, warmup, plateau_factor, plateau_patience,
                                                epochs, minutes, patience, evaluate_from, seed, threads,
                                                shards)
}  // namespace heed::support
