// caption estimators: how the estimators of hard attention's gradient do, beside the gradient that they estimate.
#pragma once

#include <string>

#include "examples/support/hard/comparison.h"
#include "examples/support/training/checkpoint.h"

namespace heed::caption {

struct EstimatorFlags : support::CheckpointFlags {
  std::string data, cache, split = "dev";
  int64_t captions = 8, words = 1;
  support::ComparisonFlags comparison;

  void fields(auto& visit) {
    CheckpointFlags::fields(visit);
    visit("data", data, "as caption train takes it; that of the training unless given");
    visit("cache", cache, "file of the encoder's features; that of the training unless given");
    visit("split", split, "dev, test, ..");
    visit("captions", captions, "the first of so many pictures", {.least = 1});
    visit("words", words, "of each caption, which is cut there: all paths of places are listed",
          {.least = 1, .most = 20});
    comparison.fields(visit);
  }
};

// Returns the exit code.
int compare_estimators(const EstimatorFlags& flags);

}  // namespace heed::caption
