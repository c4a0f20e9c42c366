#include "examples/translate/commands/average_command.h"

#include "examples/translate/commands/checkpoint.h"

namespace heed::translate {

int average_runs(const support::AverageFlags& flags, const std::string& command_line, const std::string& program) {
  support::check(flags);
  LoadedRun run = load_runs(flags);
  Rng rng = Rng::none();
  Translator mean(run.model->settings, rng);
  support::AveragedRuns runs{"translate", {named_tensors(*run.model)}, named_tensors(mean), {}, 0, {}, {}};
  for (const auto& other : run.others) runs.models.push_back(named_tensors(*other));
  runs.settings = support::fields_of(run.options);
  runs.seed = run.options.training.seed;
  runs.text_files = run.text.files();
  runs.save_text = [&](const std::filesystem::path& folder) { run.text.save(folder); };
  return support::average_runs(flags, runs, command_line, program);
}

}  // namespace heed::translate
