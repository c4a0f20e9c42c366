#include "examples/support/training/start.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "examples/support/process/console.h"
#include "optim/optimizers.h"

namespace heed::support {

double first_rate(const TrainingOptions& training) {
  Tensor number = Tensor::zeros({1});
  const Parameters any(std::vector<NamedTensor>{{"any", &number}});
  return make_optimizer(training.optimizer, any, training.learning_rate)->learning_rate;
}

TrainingOptions further(TrainingOptions training) {
  training.learning_rate = 0.1 * first_rate(training);
  training.schedule = "constant";
  training.warmup = 0;
  training.epochs = 3;
  training.minutes = 0;
  training.patience = 0;
  training.evaluate_from = 1;
  return training;
}

void check_same_model(std::vector<Field> before, const std::vector<Field>& now, const std::vector<std::string>& parts,
                      const std::string& start) {
  static const std::set<std::string> kinds = {"/model/attention", "/model/pool", "/model/latent_dropout",
                                              "/model/posterior_feeding"};
  const auto elsewhere = [&](const Field& field) {
    return kinds.contains(field.path) || std::none_of(parts.begin(), parts.end(), [&](const std::string& part) {
             return field.path.starts_with(part);
           });
  };
  const nlohmann::json was = settings_of(before), is = settings_of(now);
  before.erase(std::remove_if(before.begin(), before.end(), elsewhere), before.end());
  const std::string changed = differences(before, was, is);
  if (!changed.empty())
    throw WrongUsage(
        "--start goes on with the model of the run in {}: {}; only the kind of attention, and what concerns data and "
        "training, may be others",
        start, changed);
}

void take_over(const std::vector<NamedTensor>& model, const std::vector<NamedTensor>& run, const std::string& start) {
  std::map<std::string, Tensor> numbers;
  for (const NamedTensor& part : run) numbers[part.name] = *part.tensor;
  std::string fresh;
  for (const NamedTensor& part : model) {
    if (const auto known = numbers.find(part.name); known != numbers.end()) {
      *part.tensor = known->second;
      numbers.erase(known);
      continue;
    }
    if (!part.trained) continue;
    const bool latent = part.name.starts_with("latent.") || part.name.find("posterior.") != std::string::npos;
    if (latent) *part.tensor = Tensor::zeros(part.tensor->shape(), part.tensor->dtype());
    fresh += fmt::format("{}{}{}", fresh.empty() ? "" : ", ", part.name, latent ? " (zeros)" : "");
  }
  // A buffer (the moving mean of rewards) is no loss: it would be found again.
  for (const NamedTensor& part : run)
    if (part.trained && numbers.contains(part.name))
      throw WrongUsage("--start would lose what the run in {} has learned of {}; keep its kind of attention", start,
                       part.name);
  if (!fresh.empty()) inform(stderr, "new beside the model of {}: {}\n", start, fresh);
}

}  // namespace heed::support
