// The flags of `translate train`.
#pragma once

#include <exception>
#include <optional>
#include <string>

#include "examples/support/program/command_line.h"
#include "examples/translate/commands/train_options.h"

namespace heed::translate {

struct TrainFlags {
  TrainOptions options;
  std::string program;  // as the user typed it
  std::string out;
  bool resume = false, overwrite = false;
  std::optional<TrainOptions> saved;  // with --resume: what run.json says
  std::exception_ptr broken;          // or why it cannot be read
};

// The defaults that argv asks for: those of --preset, or, with --resume, what run.json of --out says.
TrainFlags early_defaults(int argc, char** argv);
// Adds the command to the program.
support::Command add_train_command(support::Program& program, TrainFlags& flags);

// Throws if flags that are right one by one do not go together (WrongUsage, naming them) or run.json was
// unreadable.
void check_together(const TrainFlags& flags);

}  // namespace heed::translate
