// The commands of the program. Each does all the work that its flags ask for and returns the exit code.
#pragma once

#include <string>

#include "examples/caption/commands/eval_flags.h"
#include "examples/caption/commands/features_flags.h"
#include "examples/caption/commands/show_flags.h"
#include "examples/caption/commands/train_flags.h"

namespace heed::caption {

// `command_line` is kept in run.json.
int train(TrainFlags flags, const std::string& command_line);
int evaluate(const EvalFlags& flags);
int show(const ShowFlags& flags);
int fill_features(const FeaturesFlags& flags);

}  // namespace heed::caption
