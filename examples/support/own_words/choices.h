// What training with a model's own words chooses from, each with its names and a line of help.
#pragma once

#include <cstdint>
#include <string>

#include "autograd/base/choice.h"

namespace heed::support {

// How the share of own words comes to its final value.
enum class SamplingSchedule { linear, constant };
inline constexpr Choice<SamplingSchedule> sampling_schedules[] = {
    {"linear", "from 0 in the first epoch to all of it in the last", SamplingSchedule::linear},
    {"constant", "all of it from the beginning", SamplingSchedule::constant},
};

struct SamplingOptions {
  double share = 0;  // the probability that a word which the decoder reads is its own
  SamplingSchedule schedule = SamplingSchedule::linear;

  void fields(auto& visit) {
    visit("share", share,
          "scheduled sampling: probability that a word which the decoder reads is drawn from the model",
          {.most = 1, .flag = "--sampling"});
    visit("schedule", schedule, sampling_schedules, "of that probability",
          {.flag = "--sampling-schedule", .with = "--sampling"});
  }
};

// What is made better in a model that was trained before.
enum class Finetuning { likelihood, mrt };
inline constexpr Choice<Finetuning> finetunings[] = {
    {"likelihood", "that of the right words, as before", Finetuning::likelihood},
    {"mrt", "minimum risk: the expected reward of what the model writes", Finetuning::mrt},
};

struct RiskOptions {
  Finetuning finetune = Finetuning::likelihood;
  int64_t samples = 5;       // K
  double mle_weight = 0.05;  // of the cross entropy beside the risk

  bool wanted() const { return finetune == Finetuning::mrt; }
  void fields(auto& visit) {
    visit("finetune", finetune, finetunings, "with --start: what is made better", {.flag = "--finetune"});
    visit("samples", samples, "texts drawn for each sentence",
          {.least = 1, .most = 1000, .flag = "--mrt-samples", .with = "--finetune mrt"});
    visit("mle_weight", mle_weight, "weight of the cross entropy beside the risk",
          {.flag = "--mle-weight", .with = "--finetune mrt"});
  }
};

// Throws WrongUsage if these do not go with a run that begins with another's model or not (`start`, its folder or ""),
// or with hard attention.
void check_own_words(const SamplingOptions& sampling, const RiskOptions& risk, const std::string& start, bool hard);

}  // namespace heed::support
