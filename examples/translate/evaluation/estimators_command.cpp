#include "examples/translate/evaluation/estimators_command.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"
#include "examples/support/hard/gradient_spread.h"
#include "examples/support/hard/listed_paths.h"
#include "examples/support/process/interrupt.h"
#include "examples/support/program/json_file.h"
#include "examples/translate/commands/checkpoint.h"
#include "examples/translate/model/hard_translations.h"

namespace heed::translate {
namespace {

using Vector = std::vector<double>;

// Sentences so short that all paths of their places can be listed.
struct Sentences {
  std::vector<support::Ids> sources, targets;
  Batch batch(int64_t copies) const {
    std::vector<size_t> index(sources.size());
    std::iota(index.begin(), index.end(), size_t{0});
    return pack_batch(support::make_batch(sources, targets, index), 0, 1, copies);
  }
  // </s> is read and written, too.
  static int64_t places(const support::Ids& source) { return static_cast<int64_t>(source.size()) + 1; }
  static int64_t steps(const support::Ids& target) { return static_cast<int64_t>(target.size()) + 1; }
};

Sentences shortest(const EstimatorFlags& flags, const LoadedRun& run) {
  const support::ParallelText text = load_split_text(flags.text, run.options).whole;
  const std::vector<support::Ids> sources = run.text.encode_source(text.source),
                                  targets = run.text.encode_target(text.target);
  const auto paths = [&](size_t i) {
    return support::number_of_paths(Sentences::places(sources[i]), Sentences::steps(targets[i]), flags.paths);
  };
  std::vector<size_t> order(sources.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return paths(a) < paths(b); });
  Sentences found;
  for (const size_t i : order) {
    if (paths(i) > flags.paths || std::ssize(found.sources) == flags.sentences) break;
    found.sources.push_back(sources[i]);
    found.targets.push_back(targets[i]);
  }
  if (found.sources.empty())
    throw Error("no sentence of {} is short enough: the shortest has more than --paths {} paths of places",
                flags.text.split, flags.paths);
  return found;
}

// The means over sentences of what can be listed, and their gradients by the attention's parameters.
struct Exact {
  Vector bound_gradient, marginal_gradient;
  support::Baselines reward;     // of a sentence, and of a word: what a moving mean comes to
  support::Baselines advantage;  // the same, less what reading by expectation earns
};

Vector flat(const Gradients& gradients) {
  Vector all;
  for (const Tensor& g : gradients) {
    const Vector part = g.to_vector();
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

void add(Vector& to, const Vector& x, double factor) {
  to.resize(x.size());
  for (size_t i = 0; i < x.size(); ++i) to[i] += factor * x[i];
}

Exact list_all(const Translator& model, const Sentences& sentences, const std::vector<Tensor>& of) {
  Exact exact;
  const double share = 1 / static_cast<double>(sentences.sources.size());
  double bounds = 0, soft = 0, words = 0;
  const LossOptions plain;
  for (size_t i = 0; i < sentences.sources.size(); ++i) {
    support::stop_if_interrupted();
    const int64_t places = Sentences::places(sentences.sources[i]), steps = Sentences::steps(sentences.targets[i]);
    const Sentences one{{sentences.sources[i]}, {sentences.targets[i]}};
    const Batch batch = one.batch(support::number_of_paths(places, steps, INT64_MAX - 1));
    Tape tape({.keep = true});
    TranslationRollout roll(model, batch, plain);
    const support::ListedPaths listed = support::list_paths(roll, places, steps);
    const Tensor bound = listed.bound();
    add(exact.bound_gradient, flat(tape.gradients(-bound, of)), share);
    add(exact.marginal_gradient, flat(tape.gradients(-listed.marginal(), of)), share);
    bounds += bound.item();
    soft += sum(roll.log_p_by_expectation(nullptr)).item() / static_cast<double>(batch.size());
    words += static_cast<double>(steps);
  }
  exact.reward = {bounds * share, bounds / words};
  exact.advantage = {(bounds - soft) * share, (bounds - soft) / words};
  return exact;
}

double squared_distance(const Vector& a, const Vector& b) {
  double square = 0;
  for (size_t i = 0; i < a.size(); ++i) square += (a[i] - b[i]) * (a[i] - b[i]);
  return square;
}

// Of the mean of so many estimates, in lengths of the exact gradient; what is left of their scatter is taken off.
double bias(const support::GradientSpread& spread, const Vector& exact, int64_t draws) {
  const double left = spread.variance / static_cast<double>(draws);
  return std::sqrt(std::max(0.0, squared_distance(spread.mean, exact) - left) / squared_distance(exact, Vector(exact.size())));
}

nlohmann::json measure(const Translator& model, const Sentences& sentences, const std::vector<Tensor>& of,
                       const Exact& exact, const support::HardOptions& options, const EstimatorFlags& flags,
                       ThreadPool& pool) {
  const Batch batch = sentences.batch(options.samples);
  std::vector<int64_t> each(static_cast<size_t>(batch.size()));
  std::iota(each.begin(), each.end(), int64_t{0});
  const bool compared = options.estimator.estimate == support::estimate::self_critical;
  const support::Baselines& baselines = compared ? exact.advantage : exact.reward;
  const auto loss = [&](Rng& random) {
    const support::HardDraw draw = support::draw_hard(options, each.size(), each, false, random);
    return hard_loss(model, batch, options, draw, baselines).loss *
           (1 / static_cast<double>(sentences.sources.size()));
  };
  const auto begin = std::chrono::steady_clock::now();
  const support::GradientSpread spread = support::gradient_spread(loss, of, flags.draws, Rng(flags.seed), pool);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() *
                         pool.threads() / static_cast<double>(flags.draws);
  const double length = squared_distance(exact.bound_gradient, Vector(exact.bound_gradient.size()));
  const double to_bound = bias(spread, exact.bound_gradient, flags.draws), scatter = spread.variance / length;
  return {{"bias", to_bound},
          {"bias_of_marginal", bias(spread, exact.marginal_gradient, flags.draws)},
          {"noise", std::sqrt(scatter / static_cast<double>(flags.draws))},
          {"variance", scatter},
          {"milliseconds", 1000 * seconds},
          {"error_of_a_second", std::sqrt(to_bound * to_bound + scatter * seconds)}};
}

void print(const std::string& name, const nlohmann::json& found) {
  fmt::print("{:<14}{:>8.3f}{:>8.3f}{:>12.3f}{:>12.2f}{:>10.2f}{:>12.3f}\n", name, found["bias"].get<double>(),
             found["noise"].get<double>(), found["bias_of_marginal"].get<double>(), found["variance"].get<double>(),
             found["milliseconds"].get<double>(), found["error_of_a_second"].get<double>());
}

}  // namespace

int compare_estimators(const EstimatorFlags& flags) {
  const LoadedRun run = load_run(flags);
  if (run.options.model.attention != AttentionKind::hard)
    throw Error("estimators: {} has {} attention; places are drawn by --attention hard alone", flags.run,
                name_of(attention_kinds, run.options.model.attention));
  if (flags.estimator != "all") choose(support::estimators, "estimator", flags.estimator);
  support::catch_interrupts();
  Translator& model = *run.model;
  ThreadPool pool(flags.threads);
  const Sentences sentences = shortest(flags, run);
  const Parameters attention = Parameters(model).matching("attention.*");
  std::vector<Tensor> of;
  for (size_t i = 0; i < attention.size(); ++i) of.push_back(attention[i]);
  const Exact exact = list_all(model, sentences, of);
  nlohmann::json all{{"sentences", sentences.sources.size()}, {"draws", flags.draws}, {"samples", flags.samples}};
  if (!flags.json)
    fmt::print("{} sentences; in lengths of the exact gradient of the bound:\n"
               "estimator         bias   noise  of log p(y)    variance  ms a draw  after 1 s\n", sentences.sources.size());
  for (const auto& [name, help, estimator] : support::estimators) {
    if (flags.estimator != "all" && flags.estimator != name) continue;
    if (estimator.has_network && !model.guess) continue;  // that nobody has trained
    support::HardOptions options = run.options.hard;
    options.estimator = estimator;
    options.expectation = support::Expectation::none;
    options.reward = support::Reward::sum;
    options.discount = options.lambda_r = 1;
    options.lambda_e = 0;
    options.samples = estimator.compares_draws ? flags.samples : 1;
    all[name] = measure(model, sentences, of, exact, options, flags, pool);
    if (!flags.json) print(name, all[name]);
  }
  if (flags.json) fmt::print("{}\n", support::json_line(all));
  return 0;
}

}  // namespace heed::translate
