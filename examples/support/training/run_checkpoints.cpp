#include "examples/support/training/run_checkpoints.h"

#include <filesystem>

#include "autograd/files/safetensors.h"
#include "examples/support/process/console.h"
#include "examples/support/program/file_mark.h"
#include "examples/support/program/json_file.h"

namespace heed::support {

RunCheckpoints::RunCheckpoints(RunFolder& folder, const nlohmann::json& settings,
                               const std::vector<std::string>& files)
    : folder_(folder),
      metadata_{{"settings", settings.dump()},
                {"files", nlohmann::json(folder.writes() ? marks_of(folder.path(), files) : FileMarks()).dump()}} {}

void RunCheckpoints::save_best(const std::vector<NamedTensor>& model) const {
  if (!folder_.writes()) return;
  TensorFile file;
  file.metadata = metadata_;
  put_tensors(file, model);
  save_tensors(folder_.file("best.safetensors"), file);
}

void RunCheckpoints::save_last(const TrainingState& state) const {
  if (!folder_.writes()) return;
  auto metadata = metadata_;
  metadata["metrics"] = nlohmann::json(folder_.mark_metrics()).dump();
  state.save(folder_.file("last.safetensors"), std::move(metadata));
}

void RunCheckpoints::restore(const TrainingState& state) {
  const auto path = folder_.file("last.safetensors");
  if (!std::filesystem::exists(path)) {
    inform(stderr, "nothing was saved before this run stopped: it starts from the beginning\n");
    folder_.keep_metrics_until(0);
    return;
  }
  state.restore(path);
  const auto metadata = load_metadata(path);
  if (const auto mark = metadata.find("metrics"); mark != metadata.end())
    folder_.keep_metrics(read_mark(mark->second, path.string()));
  else folder_.keep_metrics_until(state.progress.epoch - 1);
  if (state.progress.best_epoch > 0) check_best(state.progress.best_epoch);
}

// It is read again only when the run ends; better now than then.
void RunCheckpoints::check_best(int64_t epoch) const {
  if (!folder_.writes()) return;
  const auto best = folder_.file("best.safetensors");
  if (!std::filesystem::exists(best))
    throw Error(
        "{} is gone, the best checkpoint so far (of epoch {}); put it back, or copy last.safetensors to that "
        "name to "
        "take what came last for it",
        best.string(), epoch);
  load_tensors(best);
}

}  // namespace heed::support
