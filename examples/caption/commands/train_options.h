// Everything that decides a training run, the presets, and its form in run.json.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "examples/caption/data/corpus.h"
#include "examples/caption/model/estimators.h"
#include "examples/caption/model/settings.h"
#include "examples/support/training/batches.h"
#include "examples/support/training/training.h"

namespace heed::caption {

struct TextOptions {
  int64_t min_count = 5;  // rarer words become <unk>
  int64_t max_words = 0;  // 0: no limit
};

struct TrainOptions {
  DataOptions data;
  std::string preset = "small";
  ModelSettings model;
  TextOptions text;
  support::BatchOptions batch;
  support::TrainingOptions training;
  double label_smoothing = 0;
  HardOptions hard;                     // with hard attention
  int64_t soft_epochs = 0;              // its first epochs are those of soft attention
  bool compare_estimators = false;      // measure the variance of all estimators, not only of the chosen one
  std::string reading = "expectation";  // how validation reads the picture
  int64_t validation_beam = 1;          // the width of its search, 1: greedy; its BLEU chooses the best epoch
};

// Sets what the preset decides, also by options.model.attention. Throws for an unknown name.
//   demo    for the built-in pictures: a small encoder that learns too, under two minutes
//   small   for Flickr8k with the features of SqueezeNet: within the hour on two cores
//   paper   the sizes and the training of Xu et al. 2015 for Flickr8k: RMSProp, dropout, lambda = 1
void apply_preset(TrainOptions& options, const std::string& name);
std::vector<std::string> preset_names();

// "greedy" or "beam 5".
std::string validation_search(const TrainOptions& options);

nlohmann::json to_settings(const TrainOptions& options);
// `origin` is for the error when something is missing or of the wrong kind.
TrainOptions from_settings(const nlohmann::json& settings, const std::filesystem::path& origin);

}  // namespace heed::caption
