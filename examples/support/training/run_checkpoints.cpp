#include "examples/support/training/run_checkpoints.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "autograd/files/atomic_file.h"
#include "autograd/files/safetensors.h"
#include "examples/support/process/console.h"
#include "examples/support/program/file_mark.h"
#include "examples/support/program/json_file.h"

namespace heed::support {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RunTimes, seconds, epoch, epoch_seconds, epoch_words)

namespace {

constexpr const char* times_name = "times.json";

}  // namespace

RunCheckpoints::RunCheckpoints(RunFolder& folder, const std::vector<Field>& fields,
                               const std::vector<std::string>& files, std::string data)
    : folder_(folder),
      metadata_{{"settings", lasting_settings(fields).dump()},
                {"files", nlohmann::json(folder.writes() ? marks_of(folder.path(), files) : FileMarks()).dump()}},
      data_(std::move(data)) {}

void RunCheckpoints::save_best(const std::vector<NamedTensor>& model) const {
  if (!folder_.writes()) return;
  TensorFile file;
  file.metadata = metadata_;
  put_tensors(file, model);
  save_tensors(folder_.file("best.safetensors"), file);
}

void RunCheckpoints::save_last(const TrainingState& state, const RunTimes& times) const {
  if (!folder_.writes()) return;
  auto metadata = metadata_;
  metadata["data"] = data_;
  metadata["figures"] = nlohmann::json(folder_.mark_figures()).dump();
  state.save(folder_.file("last.safetensors"), std::move(metadata));
  write_file_atomically(folder_.file(times_name), sealed(times).dump() + "\n");
}

RunTimes RunCheckpoints::restore(const TrainingState& state) const {
  const auto path = folder_.file("last.safetensors");
  if (!std::filesystem::exists(path)) {
    inform(stderr, "nothing was saved before this run stopped: it starts from the beginning\n");
    folder_.keep_metrics_until(0);
    return {};
  }
  state.restore(path);
  const auto metadata = load_metadata(path);
  if (const auto mark = metadata.find("figures"); mark != metadata.end())
    folder_.keep_figures(read_mark(mark->second, path.string()));
  else if (const auto whole = metadata.find("metrics"); whole != metadata.end())  // from before 2026-12
    folder_.keep_metrics(read_mark(whole->second, path.string()));
  else folder_.keep_metrics_until(state.progress.epoch - 1);
  if (state.progress.best_epoch > 0) check_best(state.progress.best_epoch);
  return read_times(state.progress, metadata);
}

// Runs from before 2026-12 have them in their checkpoint, among what it has noted of the progress.
RunTimes RunCheckpoints::read_times(const TrainingProgress& progress,
                                    const std::map<std::string, std::string>& metadata) const {
  const auto path = folder_.file(times_name);
  RunTimes times{.epoch = progress.epoch};
  try {
    const auto noted = metadata.find("progress");
    const auto old = noted == metadata.end() ? nlohmann::json() : nlohmann::json::parse(noted->second);
    if (!std::filesystem::exists(path) && old.contains("seconds"))
      return {old.at("seconds"), progress.epoch, old.at("training_seconds"), progress.tokens};
    const nlohmann::json found = read_json_file(path);
    check_seal(found, path.string(), "it is not used");
    times = found.get<RunTimes>();
    if (times.epoch != progress.epoch) times = {.seconds = times.seconds, .epoch = progress.epoch};
  } catch (const std::exception& error) {  // no reason to stop: nothing is computed from it
    inform(stderr, "{}\nhow long this run took until now is not known; it counts its time anew\n", error.what());
  }
  return times;
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
