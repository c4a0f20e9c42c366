// The flags of `caption train`.
#pragma once

#include <exception>
#include <optional>
#include <string>

#include "examples/caption/commands/train_options.h"
#include "examples/support/program/command_line.h"

namespace heed::caption {

struct TrainFlags {
  TrainOptions options;
  std::string program;  // as the user typed it
  std::string out;
  bool resume = false, overwrite = false;
  std::optional<TrainOptions> saved;  // with --resume: what run.json says
  std::exception_ptr broken;          // or why it cannot be read
};

// The defaults that argv asks for: those of --preset (demo for the built-in pictures, else small), or, with
// --resume, what run.json of --out says.
TrainFlags train_defaults(int argc, char** argv);
// Adds the command to the program.
support::Command add_train_command(support::Program& program, TrainFlags& flags);

// Throws if flags that are right one by one do not go together (WrongUsage, naming them) or run.json was
// unreadable.
void check_together(const TrainFlags& flags);

}  // namespace heed::caption
