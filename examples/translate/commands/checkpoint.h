// A trained translator, back from its run folder.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "examples/support/together/runs_flags.h"
#include "examples/translate/commands/options.h"
#include "examples/translate/model/search/decode.h"
#include "examples/translate/model/search/ensemble.h"
#include "examples/translate/model/text_model.h"
#include "examples/translate/model/translator.h"

namespace heed::translate {

struct LoadedRun {
  Options options;
  TextModel text;
  std::unique_ptr<Translator> model;
  std::vector<std::unique_ptr<Translator>> others = {};  // that write together with it, with the same words

  Models models() const;
};

// How a run in that folder is asked to write: with its list of candidates, if it is to keep to one. Throws if it has
// none.
DecodeOptions with_shortlist(DecodeOptions options, const std::string& folder, const LoadedRun& run);

// Throws, saying what is missing, cut, corrupted or of another model.
LoadedRun load_run(const support::CheckpointFlags& flags);
// The first run, with the others. Throws, too, if they do not agree about languages and words.
LoadedRun load_runs(const support::RunsFlags& flags);

}  // namespace heed::translate
