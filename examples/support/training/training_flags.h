// The flags of the training loop, for every program that trains; and the manners that their train commands
// share: defaults that depend on --preset or on the run that --resume goes on with, and what may not be
// changed then.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

#include "examples/support/program/command_line.h"
#include "examples/support/training/batches.h"
#include "examples/support/training/training.h"

namespace heed::support {

// --optimizer, --lr, --epochs, --batch-size, --seed, ..: all of the training loop and its batches.
void add_training_flags(Command flags, TrainingOptions& training, BatchOptions& batch);

// The last value of `flag` wherever it stands, before the command line is parsed for real; "" if it is not
// there.
std::string value_of_flag(int argc, char** argv, const std::string& flag);
bool has_flag(int argc, char** argv, const std::string& flag);

// Throws WrongUsage naming each setting that a resumed run has other than it was saved. Epochs, minutes,
// patience and threads may be others.
void check_same_settings(const nlohmann::json& saved, const nlohmann::json& now, const std::string& folder);

// Words as one line that a shell would read back.
std::string shell_line(const std::vector<std::string>& words);

}  // namespace heed::support
