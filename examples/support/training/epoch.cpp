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

}  // namespace

std::string perplexity_text(double perplexity) {
  const double value = std::abs(perplexity);  // a NaN may have a sign
  if (value == perplexity_not_known) return "not known";
  return value < 1e6 ? fmt::format("{:.2f}", value) : fmt::format("{:.2g}", value);
}

Evaluation hopeless(double perplexity, double guessing) {
  const std::string text = "validation perplexity " + perplexity_text(perplexity) + " (teacher-forced)";
  return {0, perplexity, guessing, {{"valid_ppl", perplexity}}, text};
}

// The most wanted first: a narrow terminal shows only the beginning.
std::string progress_text(const TrainingProgress& at, const RunTimes& times) {
  const double loss = mean_loss(at);
  std::string text = fmt::format("ppl {} | {:.1f}k words/s | grad {:.2f} | {} MB | lr {:.2g} | loss {:.3f}",
                                 perplexity_text(std::exp(loss)), times.words_per_second() / 1000, at.norm,
                                 memory::peak_bytes() >> 20, at.rate, loss);
  if (at.skipped) text = fmt::format("{} steps skipped: gradient not finite | {}", at.skipped, text);
  return text;
}

nlohmann::json metrics_of(const TrainingProgress& at, const RunTimes& times) {
  const double loss = mean_loss(at);
  return {{"epoch", at.epoch},
          {"step", at.step},
          {"train_loss", loss},
          {"train_ppl", std::exp(loss)},
          {"learning_rate", at.rate},
          {"gradient_norm", at.norm},
          {"skipped_steps", at.skipped},
          {"words_per_second", times.words_per_second()},
          {"peak_bytes", memory::peak_bytes()}};
}

bool is_ruined(const TrainingProgress& at) {
  return (at.batch > 0 && at.tokens == 0) || !std::isfinite(std::exp(mean_loss(at)));
}

void check_learning(const TrainingProgress& at, double validation) {
  if (at.batch > 0 && at.tokens == 0)
    throw Diverged("training: no step of epoch {} had a finite gradient; {}", at.epoch, what_helps);
  if (!is_ruined(at) && std::isfinite(validation)) return;
  const double training = std::exp(mean_loss(at));
  const std::string kept =
      at.best_epoch > 0 ? fmt::format("; best.safetensors holds epoch {}, from before", at.best_epoch) : "";
  throw Diverged("training: after epoch {} the perplexity is {} in training and {} in validation{}; {}", at.epoch,
                 perplexity_text(training), perplexity_text(validation), kept, what_helps);
}

}  // namespace heed::support
