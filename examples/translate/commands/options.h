// Everything that decides a training run, and the presets. Kept in run.json.
#pragma once

#include <string>

#include "examples/support/hard/estimators.h"
#include "examples/support/own_words/choices.h"
#include "examples/support/training/train_command.h"
#include "examples/translate/model/settings.h"
#include "examples/translate/model/text_model.h"

namespace heed::translate {

struct Options;
void demo_preset(Options& options);
void small_preset(Options& options);
void paper_preset(Options& options);
void luong_small_preset(Options& options);
void luong_preset(Options& options);

inline constexpr Choice<void (*)(Options&)> presets[] = {
    {"demo", "small and quick, for the built-in corpus: under a minute", demo_preset},
    {"small", "for corpora of Multi30k's size: half an hour on a laptop", small_preset},
    {"paper", "RNNsearch-50, Bahdanau et al. A.2.3, B.1, B.2", paper_preset},
    {"luong-small", "as small, with Luong et al.'s decoder: an LSTM, the general score, input feeding",
     luong_small_preset},
    {"luong", "the best single model of Luong et al. 4.1: 4 layers of 1000", luong_preset},
};

struct Options : support::RunOptions {
  std::string data = "builtin", source = "en", target;
  bool validation = true;
  std::string columns;  // of a table of pairs, where it does not say itself which are the two languages
  TextOptions text;
  ModelSettings model;
  support::HardOptions hard;  // with hard attention
  int64_t soft_epochs = 0;    // its first epochs are those of soft attention
  support::Reading validation_reading = support::Reading::expectation;
  support::SamplingOptions sampling;
  support::RiskOptions risk;

  bool builtin() const { return data == "builtin"; }
  support::ReadOptions reading() const { return {text.form, columns, false, text.tokens, false, validation}; }
  // A line of the source language as it is written, as the model reads it; and tokens as they would be written.
  std::string read_source(const std::string& line) const;
  std::string plain_source(const std::string& tokens) const;
  std::string plain_target(const std::string& tokens) const;
  void fields(auto& visit) {
    visit(
        "data", data,
        "builtin, a folder with train.en, train.de, valid.en, .., or a table of pairs, .tsv, .txt or .csv; all may be "
        "packed (docs/translation.md)",
        {.path = true});
    visit("source", source, "language to translate from");
    visit("target", target, "language to translate to; builtin: fr (from fr: en), else de");
    visit("columns", columns,
          "of a table: where source and target stand, such as 2,4; else by its header, its name (en-fr.tsv), "
          "or the "
          "first two with text");
    visit("validation", validation,
          "learn from all pairs and judge no epoch: the last one's model is kept as the best",
          {.flag = "!--no-validation"});
    visit("preset", preset, presets, "defaults for all that follows");
    visit.heading("Text");
    visit("text", text);
    visit.heading("Model");
    visit("model", model);
    visit.heading("Hard attention");
    visit("hard", hard);
    visit("soft_epochs", soft_epochs,
          "first epochs of soft attention, so that it has taken form before places are drawn",
          {.with = "--attention hard"});
    visit("reading", validation_reading, support::readings,
          "in validation, of hard and latent attention: which annotations a word is written from");
    visit.heading("The model's own words");
    visit("sampling", sampling);
    visit("risk", risk);
    visit.heading("Training");
    RunOptions::fields(visit);
  }
};

// A preset goes with every score and order: makes the decoder's state as large as an annotation where the score takes
// no other, and feeds nothing back in an order that does not know it.
void fit_together(ModelSettings& model);

// Throws support::WrongUsage, naming them, if options do not go together.
void check_together(const Options& options);

// What stands for a target language that was not given.
std::string usual_target(const Options& options);

}  // namespace heed::translate
