#include "examples/translate/commands/checkpoint.h"

#include "examples/support/training/training_state.h"

namespace heed::translate {

LoadedRun load_run(const support::CheckpointFlags& flags) {
  const support::RunFolder run = support::RunFolder::open(flags.run);
  LoadedRun loaded;
  const auto fields = support::fields_of(loaded.options);
  support::read_options(run, fields, "translator");
  support::require(loaded.options.text.form);
  support::check_files(run, flags.checkpoint, fields);
  loaded.text = TextModel::load(run.path(), loaded.options.text);
  ModelSettings settings = loaded.options.model;
  settings.source_words = loaded.text.source.size();
  settings.target_words = loaded.text.target.size();
  settings.score_bias |= support::holds(run.file(flags.checkpoint), "attention.bias");
  Rng rng(0);
  loaded.model = std::make_unique<Translator>(settings, rng);
  support::load_checkpoint(run, flags.checkpoint, named_tensors(*loaded.model));
  return loaded;
}

}  // namespace heed::translate
