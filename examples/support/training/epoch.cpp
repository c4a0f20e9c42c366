#include "examples/support/training/epoch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "autograd/base/memory.h"

namespace heed::support {
namespace {

double mean_loss(const TrainingProgress& at) {
  return at.loss / static_cast<double>(std::max<int64_t>(at.tokens, 1));
}

double words_per_second(const TrainingProgress& at) {
  return static_cast<double>(at.tokens) / std::max(at.training_seconds, 1e-9);
}

}  // namespace

// The most wanted first: a narrow terminal shows only the beginning.
std::string progress_text(const TrainingProgress& at) {
  const double loss = mean_loss(at);
  std::string text = fmt::format(
      "ppl {:.2f} | {:.1f}k words/s | grad {:.2f} | {} MB | lr {:.2g} | loss {:.3f}", std::exp(loss),
      words_per_second(at) / 1000, at.norm, memory::peak_bytes() >> 20, at.rate, loss);
  if (at.skipped) text = fmt::format("{} steps skipped: gradient not finite | {}", at.skipped, text);
  return text;
}

nlohmann::json metrics_of(const TrainingProgress& at) {
  const double loss = mean_loss(at);
  return {{"epoch", at.epoch},
          {"step", at.step},
          {"train_loss", loss},
          {"train_ppl", std::exp(loss)},
          {"learning_rate", at.rate},
          {"gradient_norm", at.norm},
          {"skipped_steps", at.skipped},
          {"words_per_second", words_per_second(at)},
          {"peak_bytes", memory::peak_bytes()}};
}

void check_learning(const TrainingProgress& at, double validation) {
  if (at.batch > 0 && at.tokens == 0)
    throw Diverged("training: no step of epoch {} had a finite gradient; {}", at.epoch, what_helps);
  const double training = std::exp(mean_loss(at));
  if (std::isfinite(training) && std::isfinite(validation)) return;
  const std::string kept =
      at.best_epoch > 0 ? fmt::format("; best.safetensors holds epoch {}, from before", at.best_epoch) : "";
  throw Diverged(
      "training: after epoch {} the perplexity is {:.4g} in training and {:.4g} in validation{}; {}",
      at.epoch, training, validation, kept, what_helps);
}

}  // namespace heed::support
