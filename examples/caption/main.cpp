// caption: describes photographs, word by word, looking at the place that each word is about.
#include "examples/caption/commands/caption_recipe.h"
#include "examples/caption/commands/features_command.h"
#include "examples/caption/commands/show_command.h"
#include "examples/caption/evaluation/estimators_command.h"
#include "examples/caption/evaluation/eval_command.h"
#include "examples/support/process/frame.h"

namespace {

int run(int argc, char** argv) {
  using namespace heed::caption;
  using heed::support::add_flags, heed::support::fields_of;
  heed::support::Program program(
      "Captions with visual attention: Show, Attend and Tell (Xu et al. 2015), soft and hard.\n"
      "Try:  caption train --data builtin --out runs/scenes");
  CaptionRecipe recipe;
  heed::support::TrainCommand train(program, recipe, argc, argv);
  EvalFlags eval_flags;
  const auto eval = program.command(
      "eval", "BLEU, METEOR, ROUGE-L, CIDEr-D and chrF of a trained run on a split, and how sharp attention is");
  add_flags(eval, fields_of(eval_flags));
  EstimatorFlags estimator_flags;
  const auto estimators = program.command(
      "estimators",
      "Bias, variance and time of hard attention's estimators, beside the exact gradient of short captions");
  add_flags(estimators, fields_of(estimator_flags));
  ShowFlags show_flags;
  const auto show_command =
      program.command("show", "Describe pictures, and make a page that shows where the model looked for each word");
  add_flags(show_command, fields_of(show_flags));
  FeaturesFlags features_flags;
  const auto features =
      program.command("features", "Compute the encoder's annotations of all photographs once, and keep them");
  add_flags(features, fields_of(features_flags));
  return program.run(argc, argv, [&] {
    if (train.given()) return train.run();
    if (eval.given()) return evaluate(eval_flags);
    if (estimators.given()) return compare_estimators(estimator_flags);
    if (show_command.given()) return show(show_flags);
    return compute_features(features_flags);
  });
}

}  // namespace

int main(int argc, char** argv) {
  return heed::support::run_main([&] { return run(argc, argv); });
}
