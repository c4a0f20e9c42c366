#include "examples/support/training/training_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "examples/support/program/run_folder.h"

namespace heed::support {

void add_training_flags(Command flags, TrainingOptions& t, BatchOptions& batch) {
  flags.choice("--optimizer", t.optimizer, optimizer_names(), "rule of the updates");
  flags.real("--lr", t.learning_rate, 0, any_real, "learning rate; 0: the optimizer's usual");
  flags.choice("--schedule", t.schedule, {"constant", "plateau", "cosine", "inverse-sqrt"},
               "of the learning rate");
  flags.whole("--warmup", t.warmup, 0, any_whole, "steps of linear warm-up");
  flags.real("--weight-decay", t.weight_decay, 0, any_real, "pull of the parameters towards 0");
  flags.real("--clip", t.clip, 0, any_real, "limit of the gradient's norm; 0: none");
  flags.real("--average", t.average, 0, 0.999999,
             "decay of the running mean of parameters that is evaluated; 0: none");
  flags.whole("--epochs", t.epochs, 1, any_whole, "rounds over the data");
  flags.real("--minutes", t.minutes, 0, any_real, "stop after this much time; 0: no limit");
  flags.whole("--patience", t.patience, 0, any_whole,
              "stop after so many epochs without a better BLEU; 0: never");
  flags.whole("--evaluate-from", t.evaluate_from, 1, any_whole, "first epoch that is validated");
  flags.whole("--batch-size", batch.batch_size, 1, any_whole, "sentences in a minibatch");
  flags.whole("--max-length", batch.max_length, 0, any_whole,
              "leave longer sentences out of training; 0: none");
  flags.whole("--seed", t.seed, 0, any_whole, "fixes everything random");
  flags.whole("--threads", t.threads, 1, 1024, "results do not depend on it");
  flags.whole("--shards", t.shards, 1, 1024, "pieces of a minibatch that run at the same time");
  flags.on("--check-finite", t.check_finite,
           "stop at the first operation that makes a NaN or an infinity, and name it (slow)");
}

std::string value_of_flag(int argc, char** argv, const std::string& flag) {
  std::string value;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == flag && i + 1 < argc) value = argv[i + 1];
    if (word.starts_with(flag + "=")) value = word.substr(flag.size() + 1);
  }
  return value;
}

bool has_flag(int argc, char** argv, const std::string& flag) {
  return std::any_of(argv + 1, argv + argc, [&](const char* word) { return word == flag; });
}

namespace {

// "hidden is 16, not 32"
std::string differences(const nlohmann::json& before, const nlohmann::json& after) {
  std::string text;
  for (const auto& [path, value] : before.items()) {
    const std::string name = path.substr(path.rfind('/') + 1);
    const bool may_change = name == "epochs" || name == "minutes" || name == "patience" || name == "threads";
    if (may_change || value == after.at(path)) continue;
    text += fmt::format("{}{} is {}, not {}", text.empty() ? "" : "; ", name, value.dump(),
                        after.at(path).dump());
  }
  return text;
}

}  // namespace

void check_same_settings(const nlohmann::json& saved, const nlohmann::json& now, const std::string& folder) {
  const std::string changed = differences(saved.flatten(), now.flatten());
  if (!changed.empty())
    throw WrongUsage(
        "--resume goes on with the settings of the run in {}: {}; only --epochs, --minutes, --patience, "
        "--threads may be others",
        folder, changed);
}

std::string shell_line(const std::vector<std::string>& words) {
  std::vector<const char*> argv;
  for (const std::string& word : words) argv.push_back(word.c_str());
  return command_line_text(static_cast<int>(argv.size()), argv.data());
}

}  // namespace heed::support
