// A trained translator, back from its run folder.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "examples/support/training/checkpoint.h"
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

// Which runs, if several may write together.
struct RunsFlags {
  std::vector<std::string> runs;
  std::string checkpoint = "best.safetensors";
  int threads = support::all_threads();

  void fields(auto& visit) {
    visit("run", runs,
          "folder of the run; several (--run A --run B): they translate together, by the mean of their "
          "probabilities",
          {.required = true});
    visit("checkpoint", checkpoint, "best.safetensors or last.safetensors");
    visit("threads", threads, "results do not depend on it", {.least = 1, .most = 1024});
  }
  // "runs/a", "runs/a + runs/b"
  std::string name() const;
};

// How a run in that folder is asked to write: with its list of candidates, if it is to keep to one. Throws if it has
// none.
DecodeOptions with_shortlist(DecodeOptions options, const std::string& folder, const LoadedRun& run);

// Throws, saying what is missing, cut, corrupted or of another model.
LoadedRun load_run(const support::CheckpointFlags& flags);
// The first run, with the others. Throws, too, if they do not agree about languages and words.
LoadedRun load_runs(const RunsFlags& flags);

}  // namespace heed::translate
