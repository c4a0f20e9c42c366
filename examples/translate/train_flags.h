// The flags of `translate train`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "examples/translate/train_options.h"

namespace heed::translate {

struct TrainFlags {
  TrainOptions options;
  std::string out;
  bool resume = false, overwrite = false;
};

// The defaults that argv asks for: those of --preset, or, with --resume, what run.json of --out says.
TrainFlags early_defaults(int argc, char** argv);
void add_train_flags(CLI::App& command, TrainFlags& flags);

}  // namespace heed::translate
