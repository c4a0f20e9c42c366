// caption: describes photographs, word by word, looking at the place that each word is about.
#include "examples/caption/commands/average_command.h"
#include "examples/caption/commands/caption_recipe.h"
#include "examples/caption/commands/features_command.h"
#include "examples/caption/commands/show_command.h"
#include "examples/caption/doctor/doctor_command.h"
#include "examples/caption/evaluation/estimators_command.h"
#include "examples/caption/evaluation/eval_command.h"
#include "examples/caption/page/page_command.h"
#include "examples/support/process/frame.h"
#include "examples/support/program/argv.h"
#include "examples/support/program/commands.h"

namespace {

int run(int argc, char** argv) {
  using namespace heed::caption;
  heed::support::Program program(
      "Captions with visual attention: Show, Attend and Tell (Xu et al. 2015), soft and hard.\n"
      "Try:  caption train --data builtin --out runs/scenes");
  heed::support::Commands commands(program);
  CaptionRecipe recipe;
  heed::support::TrainCommand train(program, recipe, argc, argv);
  commands.add(train);
  commands.add<EvalFlags>(
      "eval", "BLEU, METEOR, ROUGE-L, CIDEr-D and chrF of a trained run on a split, and how sharp attention is",
      evaluate);
  commands.add<EstimatorFlags>(
      "estimators",
      "Bias, variance and time of hard attention's estimators, beside the exact gradient of short captions",
      compare_estimators);
  commands.add<ShowFlags>("show",
                          "Describe pictures, and make a page that shows where the model looked for each word", show);
  commands.add<PageFlags>(
      "page", "One file in which the run describes photographs in a browser and shows where it looks", write_page);
  commands.add<FeaturesFlags>("features", "Compute the encoder's annotations of all photographs once, and keep them",
                              compute_features);
  commands.add<heed::support::AverageFlags>(
      "average", "One model from the weights of several that began alike", [&](const auto& flags) {
        return average_runs(flags, heed::support::shell_line({argv, argv + argc}), argv[0]);
      });
  commands.add<DoctorFlags>("doctor", "What is in the data, what looks wrong with it, and what to type next",
                            [&](const DoctorFlags& flags) { return examine(flags, argv[0]); });
  return commands.run(argc, argv);
}

}  // namespace

int main(int argc, char** argv) {
  return heed::support::run_main([&] { return run(argc, argv); });
}
