#include "examples/caption/commands/checkpoint.h"

#include "examples/support/program/run_folder.h"
#include "examples/support/training/training_state.h"

namespace heed::caption {

LoadedRun load_run(const std::string& folder, const std::string& checkpoint) {
  const support::RunFolder run = support::RunFolder::open(folder);
  LoadedRun loaded;
  loaded.options = from_settings(run.read_settings(), run.file("run.json"));
  loaded.vocabulary = support::Vocabulary::load(run.file(kVocabularyFile));
  ModelSettings settings = loaded.options.model;
  settings.words = loaded.vocabulary.size();
  Rng rng(0);
  loaded.model = std::make_unique<Captioner>(settings, rng);
  if (!std::filesystem::exists(run.file(checkpoint)))
    throw Error(
        "{} has no {}; best.safetensors is there once an epoch was validated, last.safetensors once "
        "training was saved",
        folder, checkpoint);
  support::load_weights(named_tensors(*loaded.model), run.file(checkpoint));
  return loaded;
}

}  // namespace heed::caption
