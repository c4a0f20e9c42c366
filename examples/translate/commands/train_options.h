// Everything that decides a training run, the presets, and its form in run.json.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "examples/support/training/batches.h"
#include "examples/support/training/training.h"
#include "examples/translate/model/settings.h"
#include "examples/translate/model/text_model.h"

namespace heed::translate {

struct TrainOptions {
  std::string data = "builtin", source = "en", target;
  std::string preset = "small";
  ModelSettings model;
  TextOptions text;
  support::BatchOptions batch;
  support::TrainingOptions training;
  double label_smoothing = 0;
};

// Sets what the preset decides. Throws for an unknown name.
//   demo    small and quick, for the built-in corpus: under a minute
//   small   a model for Multi30k-sized corpora that trains on a laptop in half an hour
//   paper   RNNsearch-50 of Bahdanau et al. 2014, appendix A.2.3 and B: sizes, initialisation, Adadelta, no
//           dropout
void apply_preset(TrainOptions& options, const std::string& name);
std::vector<std::string> preset_names();

nlohmann::json to_settings(const TrainOptions& options);
// `origin` is for the error when something is missing or of the wrong kind.
TrainOptions from_settings(const nlohmann::json& settings, const std::filesystem::path& origin);

}  // namespace heed::translate
