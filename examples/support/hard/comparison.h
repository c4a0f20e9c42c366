// The estimators of hard attention's gradient (estimators.h), beside the gradient that they estimate: of texts so short
// that all paths of their places can be listed (listed_paths.h).
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "examples/support/hard/estimators.h"
#include "optim/thread_pool.h"

namespace heed::support {

// What a program compares on.
class ShortTexts {
 public:
  virtual ~ShortTexts() = default;
  virtual size_t size() const = 0;
  virtual int64_t places(size_t text) const = 0;  // that a word of it may look at
  virtual int64_t steps(size_t text) const = 0;   // its words, and </s>
  // Rolls out one text, so many times side by side.
  virtual void roll(size_t text, int64_t copies, const std::function<void(Rollout&)>& use) const = 0;
  // The estimate of options.estimator for all texts, each there options.samples times; a sum over texts.
  virtual Tensor loss(const HardOptions& options, const Baselines& baselines, Rng& random) const = 0;
};

struct ComparisonFlags {
  std::string estimator = "all";
  int64_t paths = 5000, draws = 400, samples = 4;
  uint64_t seed = 1;
  bool json = false;

  void fields(auto& visit) {
    visit("estimator", estimator, "one of those of training, or all");
    visit("paths", paths, "of places that are listed for a text, at most", {.least = 1, .most = 100'000});
    visit("draws", draws, "of each estimator", {.least = 2, .most = 1'000'000});
    visit("samples", samples, "draws of each text in one estimate, of leave-one-out and vimco",
          {.least = 2, .most = 1000});
    visit("seed", seed, "of the draws");
    visit("json", json, "one JSON object on stdout");
  }
};

// Measures the estimators and prints a table, or with flags.json one object: by estimator the bias (how far the mean of
// the draws lies from the exact gradient of the bound, Xu et al. (10), less what their scatter explains), the same to
// the gradient of log p(y), noise (what the scatter explains), variance, milliseconds of one draw, and the error that is
// left after a second of drawing; all in lengths of the exact gradient, variance in its square. The gradient is by the
// tensors of `of`, those of the attention. `guesses`: whether the model has a trained network that guesses rewards.
// Throws for a name that is no estimator's.
void compare_estimators(const ShortTexts& texts, const ComparisonFlags& flags, const HardOptions& trained,
                        const std::vector<Tensor>& of, bool guesses, ThreadPool& pool);

// The parameters below "attention".
std::vector<Tensor> attention_of(const Parameters& parameters);

}  // namespace heed::support
