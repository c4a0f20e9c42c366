// translate estimators: how the estimators of hard attention's gradient do, beside the gradient that they estimate.
#pragma once

#include "examples/support/hard/comparison.h"
#include "examples/support/training/checkpoint.h"
#include "examples/translate/evaluation/split_text.h"

namespace heed::translate {

struct EstimatorFlags : support::CheckpointFlags {
  SplitFlags text;
  int64_t sentences = 8;
  support::ComparisonFlags comparison{.paths = 2000};

  void fields(auto& visit) {
    CheckpointFlags::fields(visit);
    text.text_fields(visit);
    visit("sentences", sentences, "the shortest of the split, so many at most", {.least = 1});
    comparison.fields(visit);
  }
};

// Returns the exit code.
int compare_estimators(const EstimatorFlags& flags);

}  // namespace heed::translate
