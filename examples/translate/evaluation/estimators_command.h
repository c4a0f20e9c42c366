// translate estimators: how the estimators of hard attention's gradient do, beside the gradient that they estimate.
#pragma once

#include <string>

#include "examples/support/training/checkpoint.h"
#include "examples/translate/evaluation/split_text.h"

namespace heed::translate {

struct EstimatorFlags : support::CheckpointFlags {
  SplitFlags text;
  std::string estimator = "all";
  int64_t sentences = 8, paths = 2000, draws = 400, samples = 4;
  uint64_t seed = 1;
  bool json = false;

  void fields(auto& visit) {
    CheckpointFlags::fields(visit);
    text.text_fields(visit);
    visit("estimator", estimator, "one of those of training, or all");
    visit("sentences", sentences, "the shortest of the split, so many at most", {.least = 1});
    visit("paths", paths, "of places that are listed for a sentence, at most", {.least = 1, .most = 100'000});
    visit("draws", draws, "of each estimator", {.least = 2, .most = 1'000'000});
    visit("samples", samples, "draws of each sentence in one estimate, of leave-one-out and vimco",
          {.least = 2, .most = 1000});
    visit("seed", seed, "of the draws");
    visit("json", json, "one JSON object on stdout");
  }
};

// Returns the exit code.
int compare_estimators(const EstimatorFlags& flags);

}  // namespace heed::translate
