// What an epoch says of itself while it runs and at its end, and whether anything comes of it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

#include "autograd/base/error.h"
#include "examples/support/training/training.h"
#include "examples/support/training/training_state.h"

namespace heed::support {

// The model is ruined, and more training would not mend it.
struct Diverged : Error {
  using Error::Error;
};

// How a message about that ends.
constexpr const char* what_helps =
    "the training has diverged: begin again with a lower --lr, or add --check-finite to see which operation "
    "makes "
    "the first NaN or infinity";

// "7.41"; "1.2e+116" for what nobody counts, "inf", "nan".
std::string perplexity_text(double perplexity);

// The validation of a model whose perplexity is not finite: what it would write is not worth waiting for.
Evaluation hopeless(double perplexity, double guessing);

// For the bar, of the epoch so far.
std::string progress_text(const TrainingProgress& at, const RunTimes& times);

// The epoch's line of metrics.jsonl, as far as training knows it.
nlohmann::json metrics_of(const TrainingProgress& at, const RunTimes& times);

// Whether the epoch so far had no step with a finite gradient, or a perplexity that is infinite or NaN.
bool is_ruined(const TrainingProgress& at);

// After an epoch, with the perplexity of its validation (0: there was none). Throws Diverged when that or the
// one of training is infinite or NaN, or when the gradient was not finite in any step.
void check_learning(const TrainingProgress& at, double validation);

}  // namespace heed::support
