// A trained captioner, back from its run folder.
#pragma once

#include <memory>
#include <string>

#include "examples/caption/commands/train_options.h"
#include "examples/caption/model/captioner.h"
#include "examples/support/text/vocabulary.h"

namespace heed::caption {

struct LoadedRun {
  TrainOptions options;
  support::Vocabulary vocabulary;
  std::unique_ptr<Captioner> model;  // the best checkpoint
};

// Throws, saying what is missing, cut, corrupted or of another model.
LoadedRun load_run(const std::string& folder, const std::string& checkpoint = "best.safetensors");

// The file of the vocabulary in a run folder.
constexpr const char* kVocabularyFile = "captions.vocab";

}  // namespace heed::caption
