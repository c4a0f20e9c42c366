#include "examples/caption/commands/average_command.h"

#include "examples/caption/commands/checkpoint.h"

namespace heed::caption {

int average_runs(const support::AverageFlags& flags, const std::string& command_line, const std::string& program) {
  support::check(flags);
  LoadedRun run = load_runs(flags);
  Rng rng = Rng::none();
  Captioner mean(run.model->settings, rng);
  support::AveragedRuns runs{"caption", {named_tensors(*run.model)}, named_tensors(mean), {}, 0, {}, {}};
  for (const auto& other : run.others) runs.models.push_back(named_tensors(*other));
  runs.settings = support::fields_of(run.options);
  runs.seed = run.options.training.seed;
  runs.text_files = {kVocabularyFile};
  runs.save_text = [&](const std::filesystem::path& folder) { run.vocabulary.save(folder / kVocabularyFile); };
  return support::average_runs(flags, runs, command_line, program);
}

}  // namespace heed::caption
