#include "examples/lab/runner.h"

#include <algorithm>
#include <chrono>

#include "examples/support/process/child.h"
#include "examples/support/process/console.h"
#include "examples/support/program/json_file.h"
#include "examples/support/program/machine.h"
#include "examples/support/program/progress.h"

namespace heed::lab {
namespace {

using nlohmann::json;

// "soft, 2 layers" -> "soft-2-layers"
std::string folder_name(const std::string& name) {
  std::string folder;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c))) folder += c;
    else if (!folder.empty() && folder.back() != '-') folder += '-';
  return folder;
}

std::string commit() {
  std::string text = "unknown";
  try {
    support::run_child({"git", "-C", HEED_SOURCE_DIR, "rev-parse", "--short", "HEAD"}, "/dev/null",
                       [&](const std::string& line) { text = line; });
  } catch (const Error&) {
  }
  return text;
}

class Runner {
 public:
  Runner(const Experiment& experiment, const Places& places, Figures& figures, const Only& only)
      : experiment_(experiment),
        places_(places),
        figures_(figures),
        only_(only),
        folder_(places.runs / experiment.name) {
    std::filesystem::create_directories(folder_);
  }

  void run() {
    std::vector<std::pair<const Model*, uint64_t>> missing;
    for (const uint64_t seed : only_.seeds)  // all models once before any a second time
      for (const Model& model : experiment_.models)
        if (only_.for_model(model) && lacks(model, seed)) missing.emplace_back(&model, seed);
    if (!missing.empty()) train_all(missing);
    for (const Measure& measure : experiment_.once)
      for (const Model& model : experiment_.models)
        if (only_.for_model(model)) measure_once(model, measure);
  }

 private:
  static constexpr int64_t kParts = 1000;  // of a model's training

  void train_all(const std::vector<std::pair<const Model*, uint64_t>>& missing) {
    prepare();
    bar_ = std::make_unique<support::Progress>(experiment_.name, static_cast<int64_t>(missing.size()) * kParts);
    for (const auto& [model, seed] : missing) {
      label_ = fmt::format("{} of {}: {}, seed {}", done_ / kParts + 1, missing.size(), model->name, seed);
      figures_.add(row_of(*model, seed));
      done_ += kParts;
    }
    bar_->finish(fmt::format("{} models", missing.size()));
  }

  // A training that is measured is a short one of its own.
  void measure_once(const Model& model, const Measure& measure) {
    const json* row = figures_.find(model, experiment_.seeds[0]);
    if (!row || row->at("figures").contains(measure.name)) return;
    prepare();
    json measured = *row;
    const std::filesystem::path run = run_of(model, experiment_.seeds[0]).string() + "-" + measure.name;
    Words words = measure.flags;
    if (words[0] == "train") {
      std::filesystem::remove_all(run);
      const Words flags = flags_of(model, experiment_.seeds[0]);
      words.insert(words.begin() + 1, flags.begin(), flags.end());
      words.insert(words.end(), {"--out", run.string()});
    }
    support::inform(stderr, "{}: {}: {}\n", experiment_.name, model.name, measure.name);
    measured["figures"][measure.name] = answer(model, measure.name, words, run);
    figures_.add(std::move(measured));
  }

  // The last JSON object that the program prints: of a training the last epoch's, and not the result behind it.
  json answer(const Model& model, const std::string& name, const Words& words,
              const std::filesystem::path& run) const {
    json found;
    support::run_child(command(model.program, words, run), log(), [&](const std::string& line) {
      if (json value = json::parse(line, nullptr, false); value.is_object() && !value.contains("result"))
        found = std::move(value);
    });
    if (!found.is_object())
      throw Error("{}: {} printed no JSON object; does it have --json?", experiment_.name, name);
    return found;
  }

  std::filesystem::path run_of(const Model& model, uint64_t seed) const {
    return folder_ / fmt::format("{}-{}", folder_name(model.run), seed);
  }
  // Whether there is no row, or one from before a measure was added whose run is still there to be measured.
  bool lacks(const Model& model, uint64_t seed) const {
    const json* row = figures_.find(model, seed);
    if (!row) return true;
    if (!std::filesystem::exists(run_of(model, seed) / "best.safetensors")) return false;
    for (const Measure& measure : experiment_.measures)
      if (!row->at("figures").contains(measure.name)) return true;
    return false;
  }

  Words command(const std::string& program, const Words& words, const std::filesystem::path& run = {}) const {
    Words all{(places_.programs / program).string()};
    all.insert(all.end(), words.begin(), words.end());
    return filled(all,
                  {{"{data}", folder_.string()}, {"{run}", run.string()}, {"{corpora}", places_.corpora.string()}});
  }
  // The flags of its training, with the folders of the models that it begins with.
  Words flags_of(const Model& model, uint64_t seed) const {
    std::vector<std::pair<std::string, std::string>> folders;
    for (const std::string& name : models_named(model.flags))
      folders.emplace_back("{run:" + name + "}", run_of(named(name), seed).string());
    return filled(model.flags, folders);
  }
  const Model& named(const std::string& name) const {
    return *std::find_if(experiment_.models.begin(), experiment_.models.end(),
                         [&](const Model& model) { return model.name == name; });
  }
  std::string log() const { return (folder_ / "log.txt").string(); }

  void prepare() const {
    for (const Words& words : experiment_.prepare) {
      const Words made = filled(words, {{"{data}", folder_.string()}});
      const std::filesystem::path mark =
          folder_ / ("prepared-" + std::to_string(std::hash<std::string>{}(json(made).dump())));
      if (std::filesystem::exists(mark)) continue;
      support::run_child(command(words[0], {words.begin() + 1, words.end()}), log(), [](const std::string&) {});
      write_file_atomically(mark, json(made).dump() + "\n");
    }
  }

  // The last line that training printed, and its seconds.
  json train(const Model& model, uint64_t seed, const std::filesystem::path& run) {
    Words words{"train", "--out", run.string()};
    if (std::filesystem::exists(run / "run.json")) {
      words.push_back("--resume");
    } else {
      for (const std::string& name : models_named(model.flags))  // its figures may be there, and its run gone
        if (const auto basis = run_of(named(name), seed); !std::filesystem::exists(basis / "best.safetensors"))
          train(named(name), seed, basis);
      const Words flags = flags_of(model, seed);
      words.insert(words.end(), flags.begin(), flags.end());
      words.insert(words.end(), {"--seed", std::to_string(seed)});
    }
    words.push_back("--json");
    const auto heard = [&](const std::string& line) { show_epoch(run, line); };
    support::run_child(command(model.program, words, run), log(), heard);
    return last_metrics(run);
  }

  void show_epoch(const std::filesystem::path& run, const std::string& line) {
    const json epoch = json::parse(line, nullptr, false);
    if (!epoch.is_object() || !epoch.contains("epoch")) return;
    if (epochs_ == 0) {
      const json settings = support::read_json_file(run / "run.json");
      epochs_ = settings.value(json::json_pointer("/settings/training/epochs"), int64_t{1});
    }
    const int64_t at = epoch["epoch"].get<int64_t>();
    const double perplexity = epoch.value("valid_ppl", 0.0);  // 0: this epoch was not validated
    bar_->update(done_ + std::min(kParts - 1, at * kParts / std::max<int64_t>(epochs_, 1)),
                 fmt::format("{}: epoch {}/{}{}", label_, at, epochs_,
                             perplexity > 0 ? fmt::format(", perplexity {:.2f}", perplexity) : ""));
  }

  static json last_metrics(const std::filesystem::path& run) {
    const std::string text = support::read_text_file(run / "metrics.jsonl", size_t{64} << 20);
    json last;
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find('\n', at), text.size());
      const json line = json::parse(text.substr(at, end - at), nullptr, false);
      if (line.is_object() && line.contains("epoch")) last = line;
      at = end + 1;
    }
    return last;
  }

  json row_of(const Model& model, uint64_t seed) {
    const std::filesystem::path run = run_of(model, seed);
    epochs_ = 0;
    bar_->update(done_, label_);
    const json* before = figures_.find(model, seed);
    json figures = before ? before->at("figures") : json::object();
    if (!before && model.trained) figures["train"] = train(model, seed, run);
    for (const Measure& measure : experiment_.measures) {
      if (figures.contains(measure.name)) continue;
      bar_->update(done_ + kParts - 1, label_ + ": " + measure.name);
      Words words = measure.flags;
      words.insert(words.end(), model.measured.begin(), model.measured.end());
      figures[measure.name] = answer(model, measure.name, words, run);
    }
    const support::Machine machine = support::this_machine();
    json row{{"model", model.name},        {"seed", seed},
             {"program", model.program},   {"flags", model.flags},
             {"measured", model.measured}, {"figures", figures},
             {"machine", machine.cpu},     {"simd", machine.simd},
             {"commit", commit()},         {"date", support::date_text()}};
    if (!model.basis.empty()) row["basis"] = model.basis;
    return row;
  }

  const Experiment& experiment_;
  const Places& places_;
  Figures& figures_;
  const Only& only_;
  std::filesystem::path folder_;
  std::unique_ptr<support::Progress> bar_;
  std::string label_;
  int64_t done_ = 0, epochs_ = 0;
};

}  // namespace

bool Only::for_model(const Model& model) const {
  return models.empty() || std::find(models.begin(), models.end(), model.name) != models.end();
}

void run_experiment(const Experiment& experiment, const Places& places, Figures& figures, const Only& only) {
  Runner(experiment, places, figures, only).run();
}

}  // namespace heed::lab
