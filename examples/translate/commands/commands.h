// The three commands of the program. Each does all the work that its flags ask for and returns the exit code.
#pragma once

#include <string>

#include "examples/translate/commands/decode_flags.h"
#include "examples/translate/commands/train_flags.h"

namespace heed::translate {

// `command_line` is kept in run.json.
int train(TrainFlags flags, const std::string& command_line);
int evaluate(const EvalFlags& flags);
int translate_text(const TextFlags& flags);

}  // namespace heed::translate
