// A trained translator, back from its run folder.
#pragma once

#include <memory>

#include "examples/support/training/checkpoint.h"
#include "examples/translate/commands/options.h"
#include "examples/translate/model/text_model.h"
#include "examples/translate/model/translator.h"

namespace heed::translate {

struct LoadedRun {
  Options options;
  TextModel text;
  std::unique_ptr<Translator> model;
};

// Throws, saying what is missing, cut, corrupted or of another model.
LoadedRun load_run(const support::CheckpointFlags& flags);

}  // namespace heed::translate
