#include "examples/support/training/training_state.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "autograd/files/safetensors.h"
#include "autograd/zip/elementwise.h"
#include "examples/support/program/json_file.h"

namespace heed::support {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TrainingProgress, epoch, batch, step, loss, tokens, norm, rate, best,
                                   best_perplexity, best_epoch, skipped)

namespace {

bool is_weight(const std::string& name) {
  return !name.starts_with("optimizer.") && !name.starts_with("schedule.") && !name.starts_with("average.");
}

// In runs from before 2026-12 the parameters of the score stood apart.
std::string name_of_today(std::string name) {
  constexpr std::string_view before = "attention.score.", now = "attention.";
  if (const size_t at = name.find(before); at != std::string::npos) name.replace(at, before.size(), now);
  return name;
}

// With the names of today; in those runs the progress was called "standing".
TensorFile load_checkpoint_file(const std::filesystem::path& path) {
  TensorFile file = load_tensors(path);
  std::map<std::string, Tensor> renamed;
  for (auto& [name, tensor] : file.tensors) renamed.emplace(name_of_today(name), std::move(tensor));
  file.tensors = std::move(renamed);
  if (auto progress = file.metadata.extract("standing")) {
    progress.key() = "progress";
    file.metadata.insert(std::move(progress));
  }
  return file;
}

TensorFile weights_of(const TensorFile& file) {
  TensorFile weights;
  for (const auto& [name, tensor] : file.tensors)
    if (is_weight(name)) weights.tensors[name] = tensor;
  return weights;
}

const std::string& note(const TensorFile& file, const std::string& name, const std::filesystem::path& path) {
  const auto found = file.metadata.find(name);
  if (found == file.metadata.end())
    throw Error("{}: holds a model, but not how far its training had come ({} is missing); it cannot be resumed",
                path.string(), name);
  return found->second;
}

TrainingProgress read_progress(const TensorFile& file, const std::filesystem::path& path) {
  try {
    nlohmann::json progress = parse_json(note(file, "progress", path), path.string());
    if (progress.is_object() && !progress.contains("best_perplexity"))
      progress["best_perplexity"] = perplexity_not_known;
    return progress.get<TrainingProgress>();
  } catch (const nlohmann::json::exception& error) {
    throw Error("{}: what it says about the progress of its training cannot be read: {}", path.string(),
                error.what());
  }
}

int64_t read_number(const TensorFile& file, const std::string& name, const std::filesystem::path& path) {
  const std::string& text = note(file, name, path);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw Error("{}: {} should be a number, but is '{}'", path.string(), name, text);
  return number;
}

}  // namespace

bool TrainingProgress::is_best(double score, double perplexity) {
  if (!std::isfinite(perplexity)) return false;
  if (score < best || (score == best && perplexity >= best_perplexity)) return false;
  best = score;
  best_perplexity = perplexity;
  best_epoch = epoch;
  return true;
}

double RunTimes::words_per_second() const {
  return epoch_words == 0 ? 0 : static_cast<double>(epoch_words) / std::max(epoch_seconds, 1e-9);
}

void TrainingState::save(const std::filesystem::path& path, std::map<std::string, std::string> metadata) const {
  TensorFile file;
  file.metadata = std::move(metadata);
  put_tensors(file, model);
  for (auto& [key, tensor] : optimizer.state("optimizer.")) file.tensors[key] = tensor;
  for (auto& [key, tensor] : plateau.state("schedule.")) file.tensors[key] = tensor;
  if (average) {
    const std::vector<Tensor> means = parameters.views(average->mean());
    for (size_t i = 0; i < means.size(); ++i) file.tensors["average." + parameters.name(i)] = means[i];
    file.metadata["average_steps"] = std::to_string(average->steps);
  }
  file.metadata["progress"] = nlohmann::json(progress).dump();
  save_tensors(path, file);
}

void TrainingState::restore(const std::filesystem::path& path) const {
  const TensorFile file = load_checkpoint_file(path);
  const TrainingProgress found = read_progress(file, path);
  load_into(model, weights_of(file), path);
  optimizer.restore(file.tensors, "optimizer.");
  plateau.restore(file.tensors, "schedule.");
  if (average) {
    std::vector<Tensor> means = parameters.views(average->mean());
    std::vector<NamedTensor> named;
    for (size_t i = 0; i < means.size(); ++i) named.push_back({parameters.name(i), &means[i]});
    load_into(named, file, path, "average.");
    average->steps = read_number(file, "average_steps", path);
  }
  progress = found;
}

Facts TrainingState::facts() const {
  std::map<std::string, Tensor> kept = optimizer.state();
  std::vector<NamedTensor> of_optimizer;
  for (auto& [name, tensor] : kept) of_optimizer.push_back({name, &tensor});
  return {{"epoch", std::to_string(progress.epoch)},
          {"step", std::to_string(progress.step)},
          {"checksum of the model", checksum_of(model)},
          {"checksum of the optimizer", checksum_of(of_optimizer)}};
}

Parameters trained_part(const std::vector<NamedTensor>& model, const std::string& patterns) {
  Parameters part(model);
  std::istringstream words(patterns);
  for (std::string pattern; std::getline(words, pattern, ',');) part = part.without(pattern);
  return part;
}

bool holds(const std::filesystem::path& checkpoint, const std::string& parameter) {
  if (!std::filesystem::exists(checkpoint)) return false;
  const std::map<std::string, Shape> shapes = load_shapes(checkpoint);
  return std::any_of(shapes.begin(), shapes.end(),
                     [&](const auto& of) { return name_of_today(of.first) == parameter; });
}

void load_weights(const std::vector<NamedTensor>& model, const std::filesystem::path& path) {
  const TensorFile file = load_checkpoint_file(path);
  load_into(model, weights_of(file), path);
  for (const NamedTensor& part : model) {
    const auto mean = file.tensors.find("average." + part.name);
    if (mean == file.tensors.end()) continue;
    if (!(mean->second.shape() == part.tensor->shape()))
      throw Error("{}: average.{} has another shape than {}", path.string(), part.name, part.name);
    copy_into(*part.tensor, to(mean->second, part.tensor->dtype()));
  }
}

}  // namespace heed::support
