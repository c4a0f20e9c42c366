// `train --estimate`: how long a training takes on this machine, and how much memory, by a few of its own steps.
//
// A few batches are trained on with all that a step of training does: gradients by shards, clipping, optimizer, running
// mean. They stand for the epoch's batches by their words: as the longest is only made to have seen its memory, the others
// are spread evenly over the lengths. A part of the validation is done as well. The model is of no use afterwards.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

#include "examples/support/training/training.h"

namespace heed::support {

// A time in seconds, and between which it is believed to lie.
struct Span {
  double seconds = 0, low = 0, high = 0;
};

struct Estimate {
  int64_t steps = 0, epochs = 0;    // of an epoch; of the training, if nothing ends it before
  int64_t measured = 0;             // steps whose time was taken
  Span epoch, training;             // an epoch with its validation
  double step = 0, validation = 0;  // seconds: a step in the mean; a validation
  double before = 0;                // seconds: what is done once and was not done here (Task::beforehand)
  int64_t peak_bytes = 0;           // of the process, as the system counts them; whole runs had 2 to 6 % more
  int64_t parameters = 0;
  double spent = 0;  // seconds that measuring took
};

// Measures for about `seconds`, but at least three steps. Throws, as training would, when there is not enough memory.
Estimate estimate_training(Task& task, const TrainingOptions& options, double seconds = 3);

// "an epoch of 454 steps takes 1.2 minutes (1.0 to 1.5), ..": three lines for people.
std::string estimate_text(const Estimate& estimate);
// 38 s, 4.5 minutes, 3 hours, 2 days.
std::string time_text(double seconds);
std::string span_text(const Span& span);  // 38 s (31 to 50)
void to_json(nlohmann::json& to, const Estimate& estimate);
void from_json(const nlohmann::json& from, Estimate& estimate);

// The most memory that the system has given this process so far, in bytes.
int64_t most_resident();

}  // namespace heed::support
