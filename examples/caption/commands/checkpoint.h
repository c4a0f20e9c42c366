// A trained captioner, back from its run folder.
#pragma once

#include <memory>
#include <vector>

#include "examples/caption/commands/describe_flags.h"
#include "examples/caption/commands/options.h"
#include "examples/caption/model/search.h"
#include "examples/support/text/vocabulary.h"
#include "examples/support/together/runs_flags.h"

namespace heed::caption {

struct LoadedRun {
  Options options;
  support::Vocabulary vocabulary;
  std::unique_ptr<Captioner> model;
  std::vector<std::unique_ptr<Captioner>> others = {};  // that write together with it, with the same words

  Captioners models() const;
};

// Throws, saying what is missing, cut, corrupted or of another model.
LoadedRun load_run(const support::CheckpointFlags& flags);
// The first run, with the others. Throws, too, if they do not agree about words and about what they see.
LoadedRun load_runs(const support::RunsFlags& flags);

// The data of the training, or other `data` and `cache` where they are given ("": they are not).
DataOptions data_of(const LoadedRun& run, const std::string& data, const std::string& cache);

// The same with the encoder's weights where these flags name them. Throws if the encoder needs weights and nobody knows
// of any.
DataOptions encoder_data(const Options& options, const EncoderFlags& flags);

// The file of the vocabulary in a run folder.
constexpr const char* kVocabularyFile = "captions.vocab";

}  // namespace heed::caption
