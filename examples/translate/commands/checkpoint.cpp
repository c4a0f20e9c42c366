#include "examples/translate/commands/checkpoint.h"

#include <tuple>

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
  Rng rng = Rng::none();
  loaded.model = std::make_unique<Translator>(settings, rng);
  support::load_checkpoint(run, flags.checkpoint, named_tensors(*loaded.model));
  return loaded;
}

Models LoadedRun::models() const {
  std::vector<const Translator*> all{model.get()};
  for (const auto& other : others) all.push_back(other.get());
  return Models(std::move(all));
}

DecodeOptions with_shortlist(DecodeOptions options, const std::string& folder, const LoadedRun& run) {
  if (!options.listed) return options;
  const std::filesystem::path path = std::filesystem::path(folder) / Shortlist::file;
  if (!std::filesystem::exists(path))
    throw Error("--shortlist: there is no {}; make it by\n  translate shortlist --run {}", path.string(), folder);
  options.shortlist = std::make_shared<const Shortlist>(Shortlist::load(path, run.text));
  return options;
}

LoadedRun load_runs(const support::RunsFlags& flags) {
  LoadedRun first = load_run(flags.of(flags.runs.front()));
  for (size_t i = 1; i < flags.runs.size(); ++i) {
    LoadedRun other = load_run(flags.of(flags.runs[i]));
    const auto& [a, b] = std::tie(first.options, other.options);
    std::string different = first.text.difference(other.text);
    if (a.source != b.source || a.target != b.target) different = "the languages";
    if (a.text.tokens != b.text.tokens || a.text.form != b.text.form)
      different = "how text is read (--tokenize, --lowercase)";
    if (!different.empty())
      throw Error(
          "{} and {} cannot translate together: {} of one is not that of the other; train both on the same --data "
          "with the same options of text, and different --seed",
          flags.runs.front(), flags.runs[i], different);
    first.others.push_back(std::move(other.model));
  }
  return first;
}

}  // namespace heed::translate
