#include "examples/support/hard/comparison.h"

#include <fmt/format.h>

#include <cmath>
#include <ctime>

#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"
#include "examples/support/hard/gradient_spread.h"
#include "examples/support/hard/listed_paths.h"
#include "examples/support/process/interrupt.h"
#include "examples/support/program/json_file.h"

namespace heed::support {
namespace {

using Vector = std::vector<double>;

// The means over texts of what can be listed, and their gradients.
struct Exact {
  Vector bound_gradient, marginal_gradient;
  Baselines reward;     // of a text, and of a word: what a moving mean comes to
  Baselines advantage;  // the same, less what reading by expectation earns
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

Exact list_all(const ShortTexts& texts, const std::vector<Tensor>& of) {
  Exact exact;
  const double share = 1 / static_cast<double>(texts.size());
  double bounds = 0, soft = 0, words = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    stop_if_interrupted();
    const int64_t places = texts.places(i), steps = texts.steps(i);
    const int64_t paths = number_of_paths(places, steps, INT64_MAX - 1);
    Tape tape({.keep = true});
    texts.roll(i, paths, [&](Rollout& roll) {
      const ListedPaths listed = list_paths(roll, places, steps);
      const Tensor bound = listed.bound();
      add(exact.bound_gradient, flat(tape.gradients(-bound, of)), share);
      add(exact.marginal_gradient, flat(tape.gradients(-listed.marginal(), of)), share);
      bounds += bound.item();
      soft += sum(roll.log_p_by_expectation(nullptr)).item() / static_cast<double>(paths);
    });
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
double bias(const GradientSpread& spread, const Vector& exact, int64_t draws) {
  const double left = spread.variance / static_cast<double>(draws);
  return std::sqrt(std::max(0.0, squared_distance(spread.mean, exact) - left) /
                   squared_distance(exact, Vector(exact.size())));
}

nlohmann::json measure(const ShortTexts& texts, const std::vector<Tensor>& of, const Exact& exact,
                       const HardOptions& options, const ComparisonFlags& flags, ThreadPool& pool) {
  const bool compared = options.estimator.estimate == estimate::self_critical;
  const Baselines& baselines = compared ? exact.advantage : exact.reward;
  const auto loss = [&](Rng& random) {
    return texts.loss(options, baselines, random) * (1 / static_cast<double>(texts.size()));
  };
  // Of a core: what else runs on the machine does not count.
  const std::clock_t begin = std::clock();
  const GradientSpread spread = gradient_spread(loss, of, flags.draws, Rng(flags.seed), pool);
  const double seconds =
      static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / static_cast<double>(flags.draws);
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

// As the estimator is by itself: every place drawn, the reward the sum over words.
HardOptions alone(HardOptions options, const Estimator& estimator, int64_t samples) {
  options.estimator = estimator;
  options.expectation = Expectation::none;
  options.reward = Reward::sum;
  options.discount = options.lambda_r = 1;
  options.lambda_e = 0;
  options.samples = estimator.compares_draws ? samples : 1;
  return options;
}

}  // namespace

void compare_estimators(const ShortTexts& texts, const ComparisonFlags& flags, const HardOptions& trained,
                        const std::vector<Tensor>& of, bool guesses, ThreadPool& pool) {
  if (flags.estimator != "all") choose(estimators, "estimator", flags.estimator);
  const Exact exact = list_all(texts, of);
  nlohmann::json all{{"sentences", texts.size()}, {"draws", flags.draws}, {"samples", flags.samples}};
  if (!flags.json)
    fmt::print(
        "{} texts; in lengths of the exact gradient of the bound:\n"
        "estimator         bias   noise  of log p(y)    variance  ms a draw  after 1 s\n",
        texts.size());
  for (const auto& [name, help, estimator] : estimators) {
    if (flags.estimator != "all" && flags.estimator != name) continue;
    if (estimator.has_network && !guesses) continue;  // that nobody has trained
    all[name] = measure(texts, of, exact, alone(trained, estimator, flags.samples), flags, pool);
    if (!flags.json) print(name, all[name]);
  }
  if (flags.json) fmt::print("{}\n", json_line(all));
}

std::vector<Tensor> attention_of(const Parameters& parameters) {
  const Parameters attention = parameters.matching("attention.*");
  std::vector<Tensor> of;
  for (size_t i = 0; i < attention.size(); ++i) of.push_back(attention[i]);
  return of;
}

}  // namespace heed::support
