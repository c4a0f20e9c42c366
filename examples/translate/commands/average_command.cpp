#include "examples/translate/commands/average_command.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "autograd/zip/elementwise.h"
#include "examples/support/process/console.h"
#include "examples/support/program/argv.h"
#include "examples/support/training/run_checkpoints.h"

namespace heed::translate {
namespace {

// Farther apart than this, weights did not begin with the same numbers.
constexpr double far_apart = 1;

std::vector<NamedTensor> parts_of(const Translator& model) { return named_tensors(const_cast<Translator&>(model)); }

// Of the same model: each parameter has its counterpart, in the same place.
void check_alike(const std::vector<NamedTensor>& a, const std::vector<NamedTensor>& b) {
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i >= a.size() || i >= b.size() || a[i].name != b[i].name)
      throw Error("average: one model has {} and another has not; give runs with the same options of the model",
                  i < a.size() ? a[i].name : b[i].name);
    if (!(a[i].tensor->shape() == b[i].tensor->shape()))
      throw Error("average: {} has another shape in one model than in another; give runs with the same sizes",
                  a[i].name);
  }
}

}  // namespace

void average_weights(Translator& into, const std::vector<const Translator*>& models) {
  std::vector<NamedTensor> means = named_tensors(into);
  for (const Translator* model : models) check_alike(means, parts_of(*model));
  for (size_t i = 0; i < means.size(); ++i) {
    Tensor sum;
    for (const Translator* model : models) {
      const Tensor part = to(*parts_of(*model)[i].tensor, DType::f64);
      sum = sum ? sum + part : part;
    }
    copy_into(*means[i].tensor, to(sum * (1 / static_cast<double>(models.size())), means[i].tensor->dtype()));
  }
}

double distance(const Translator& a, const Translator& b) {
  const std::vector<NamedTensor> of_a = parts_of(a), of_b = parts_of(b);
  check_alike(of_a, of_b);
  double apart = 0, length = 0;
  for (size_t i = 0; i < of_a.size(); ++i) {
    const std::vector<double> x = of_a[i].tensor->to_vector(), y = of_b[i].tensor->to_vector();
    for (size_t k = 0; k < x.size(); ++k) apart += (x[k] - y[k]) * (x[k] - y[k]), length += x[k] * x[k];
  }
  return length > 0 ? std::sqrt(apart / length) : 0;
}

int average_runs(const AverageFlags& flags, const std::string& command_line, const std::string& program) {
  if (flags.runs.size() < 2) throw support::WrongUsage("average takes several runs: --run A --run B --out NEW");
  LoadedRun run = load_runs(flags);
  for (size_t i = 0; i < run.others.size(); ++i)
    if (const double apart = distance(*run.model, *run.others[i]); apart > far_apart)
      support::inform(
          stderr,
          "note: the weights of {} are {:.2f} of their length from those of {}, as if they had begun with other "
          "numbers; the mean of such models is none. Begin both with the same one (train --start), or let them "
          "translate together (text --run A --run B)\n",
          flags.runs[i + 1], apart, flags.runs[0]);
  std::vector<const Translator*> models = run.models().all();
  Rng rng(0);
  Translator mean(run.model->settings, rng);
  average_weights(mean, models);
  support::RunFolder out(flags.out, support::RunFolder::Mode::create);
  run.text.save(out.path());
  const auto fields = support::fields_of(run.options);
  out.write_settings(support::settings_of(fields), {"translate average", command_line, run.options.training.seed});
  support::RunCheckpoints(out, fields, run.text.files()).save_best(named_tensors(mean));
  support::inform(stdout, "{}: the mean of {} models\nnext:\n  {}\n", flags.out, models.size(),
                  support::shell_line({program, "eval", "--run", flags.out}));
  return 0;
}

}  // namespace heed::translate
