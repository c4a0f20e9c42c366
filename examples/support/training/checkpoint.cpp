#include "examples/support/training/checkpoint.h"

#include <nlohmann/json.hpp>

#include "examples/support/training/training_state.h"

namespace heed::support {

void read_options(const RunFolder& run, const std::vector<Field>& fields, const std::string& model) {
  const nlohmann::json settings = run.read_settings();
  try {
    if (!settings.contains("model")) throw Error("there is no \"model\" among them");
    read_settings(fields, settings);
  } catch (const Error& error) {
    throw Error("{}: these are not the settings of a {}: {}", run.file("run.json").string(), model,
                error.what());
  }
}

void load_checkpoint(const RunFolder& run, const std::string& checkpoint,
                     const std::vector<NamedTensor>& model) {
  const std::filesystem::path path = run.file(checkpoint);
  if (!std::filesystem::exists(path))
    throw Error(
        "{} has no {}; best.safetensors is there once an epoch was validated, last.safetensors once training "
        "was saved",
        run.path().string(), checkpoint);
  load_weights(model, path);
}

}  // namespace heed::support
