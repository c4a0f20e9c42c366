// A trained translator, back from its run folder.
#pragma once

#include <memory>

#include "examples/support/program/run_folder.h"
#include "examples/translate/commands/train_options.h"
#include "examples/translate/model/text_model.h"
#include "examples/translate/model/translator.h"

namespace heed::translate {

struct LoadedRun {
  TrainOptions options;
  TextModel text;
  std::unique_ptr<Translator> model;  // the best checkpoint
};

// Throws, saying what is missing, cut, corrupted or of another model.
LoadedRun load_run(const std::string& folder, const std::string& checkpoint = "best.safetensors");

// Draws the parameters as appendix B.1 of the paper has them: recurrent matrices orthogonal, W_a and U_a from
// N(0, 0.001^2), v_a and all biases zero, everything else from N(0, 0.01^2).
void paper_init(Translator& model, Rng& rng);

}  // namespace heed::translate
