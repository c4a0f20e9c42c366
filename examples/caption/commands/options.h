// Everything that decides a training run, and the presets. Kept in run.json.
#pragma once

#include <string>

#include "examples/caption/data/corpus.h"
#include "examples/caption/model/hard_captions.h"
#include "examples/caption/model/settings.h"
#include "examples/support/own_words/choices.h"
#include "examples/support/training/train_command.h"

namespace heed::caption {

struct Options;
void demo_preset(Options& options);
void small_preset(Options& options);
void paper_preset(Options& options);

inline constexpr Choice<void (*)(Options&)> presets[] = {
    {"demo", "for the built-in pictures, with an encoder that learns too: under two minutes", demo_preset},
    {"small", "for Flickr8k with SqueezeNet's features: within the hour on two cores", small_preset},
    {"paper", "Xu et al. 2015 for Flickr8k: sizes, RMSProp, dropout, lambda = 1", paper_preset},
};

struct Options : support::RunOptions {
  DataOptions data;
  support::VocabularyOptions text{.min_count = 5};
  ModelSettings model;
  HardOptions hard;                        // with hard attention
  int64_t soft_epochs = 0;                 // its first epochs are those of soft attention
  Reading reading = Reading::expectation;  // how validation reads the picture
  support::SamplingOptions sampling;
  support::RiskOptions risk;
  int64_t tune_encoder = 0;         // model.tuned, which a run that begins with another may raise
  bool compare_estimators = false;  // measure the variance of all estimators, not only of the chosen
  bool together = false;        // all captions of a picture stand in one minibatch, and are read off one view of it
  int64_t validation_beam = 1;  // the width of validation's search, whose BLEU chooses the best epoch

  void fields(auto& visit) {
    visit("data", data);
    visit("preset", preset, presets, "defaults for all that follows");
    visit.heading("Text");
    visit("text", text);
    visit.heading("Model");
    visit("model", model);
    visit(
        "tune_encoder", tune_encoder,
        "squeezenet: so many of its last fire modules learn with the captioner; best with --start, which has a tenth of "
        "the learning rate",
        {.most = 3});
    visit.heading("Hard attention");
    visit("hard", hard);
    visit("soft_epochs", soft_epochs,
          "first epochs of soft attention, so that it has taken form before places are drawn",
          {.with = "--attention hard"});
    visit("reading", reading, readings, "of the picture in validation, with hard and latent attention");
    visit("compare_estimators", compare_estimators, "measure the gradient's variance of all estimators",
          {.with = "--attention hard"});
    visit.heading("The model's own words");
    visit("sampling", sampling);
    visit("risk", risk);
    visit.heading("Training");
    visit("validation_beam", validation_beam,
          "width of the search for validation's captions, whose BLEU chooses the best epoch; 1: greedy",
          {.least = 1, .most = 1000});
    visit(
        "together", together,
        "the captions of a picture stand in one minibatch, which looks at it once: what latent attention takes falls "
        "with the number of pictures",
        {.flag = "--together,!--apart"});
    RunOptions::fields(visit);
  }
};

// Throws support::WrongUsage, naming them, if options do not go together.
void check_together(const Options& options);

// Sets the model's grid and what else follows from other options.
void complete(Options& options);

// "greedy" or "beam 5".
std::string validation_search(const Options& options);

}  // namespace heed::caption
