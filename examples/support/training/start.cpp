#include "examples/support/training/start.h"

#include <algorithm>
#include <nlohmann/json.hpp>

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
  const auto elsewhere = [&](const Field& field) {
    return std::none_of(parts.begin(), parts.end(),
                        [&](const std::string& part) { return field.path.starts_with(part); });
  };
  const nlohmann::json was = settings_of(before), is = settings_of(now);
  before.erase(std::remove_if(before.begin(), before.end(), elsewhere), before.end());
  const std::string changed = differences(before, was, is);
  if (!changed.empty())
    throw WrongUsage(
        "--start goes on with the model of the run in {}: {}; only what concerns data and training may be "
        "others",
        start, changed);
}

void check_network(bool wanted, bool there, const std::string& start) {
  if (wanted && !there)
    throw WrongUsage(
        "--start goes on with the model of the run in {}, which has no network that guesses rewards; take "
        "another --estimator than learned, and do not compare them",
        start);
}

}  // namespace heed::support
