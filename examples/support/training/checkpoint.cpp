#include "examples/support/training/checkpoint.h"

#include <nlohmann/json.hpp>

#include "autograd/files/safetensors.h"
#include "examples/support/process/console.h"
#include "examples/support/program/file_mark.h"
#include "examples/support/program/json_file.h"
#include "examples/support/training/training_state.h"

namespace heed::support {
namespace {

std::filesystem::path find_checkpoint(const RunFolder& run, const std::string& checkpoint) {
  std::filesystem::path path = run.file(checkpoint);
  if (!std::filesystem::exists(path))
    throw Error(
        "{} has no {}; best.safetensors is there once an epoch was validated, last.safetensors once training "
        "was saved",
        run.path().string(), checkpoint);
  return path;
}

}  // namespace

void read_options(const RunFolder& run, const std::vector<Field>& fields, const std::string& model) {
  const nlohmann::json settings = run.read_settings();
  try {
    if (!settings.contains("model")) throw Error("there is no \"model\" among them");
    read_settings(fields, settings);
  } catch (const Error& error) {
    // translate makes translators, and caption captioners
    const std::string made_by = run.read_run().value("program", model);
    if (made_by.compare(0, 5, model, 0, 5) != 0)
      throw Error("{} is a run of {}, not that of a {}", run.path().string(), made_by, model);
    throw Error("{}: these are not the settings of a {}: {}", run.file("run.json").string(), model, error.what());
  }
}

void check_files(const RunFolder& run, const std::string& checkpoint, const std::vector<Field>& fields) {
  const std::filesystem::path path = find_checkpoint(run, checkpoint);
  const std::string settings_file = run.file("run.json").string();
  const auto metadata = load_metadata(path);
  const auto files = metadata.find("files"), settings = metadata.find("settings");
  if (files == metadata.end() || settings == metadata.end()) {
    inform(stderr, "{} is from before 2026-12: if its vocabularies or settings were damaged, nobody would notice\n",
           path.string());
    return;
  }
  check_marks(run.path(), read_marks(files->second, path.string()), path.string());
  const nlohmann::json noted = parse_json(settings->second, path.string());
  if (!noted.is_object()) throw Error("{}: what it notes of the settings is no object", path.string());
  const std::string changed = differences(fields, noted, run.read_settings());
  if (!changed.empty())
    throw Error("{} and {} are of two runs: {}; put the right file back from a copy of the run", settings_file,
                path.string(), changed);
}

void load_checkpoint(const RunFolder& run, const std::string& checkpoint, const std::vector<NamedTensor>& model) {
  load_weights(model, find_checkpoint(run, checkpoint));
}

}  // namespace heed::support
