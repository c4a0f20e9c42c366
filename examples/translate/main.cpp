// translate: trains, judges and uses translators that learn to align.
#include "examples/support/process/frame.h"
#include "examples/support/program/argv.h"
#include "examples/support/program/commands.h"
#include "examples/translate/answers/shortlist_command.h"
#include "examples/translate/answers/text_command.h"
#include "examples/translate/commands/average_command.h"
#include "examples/translate/commands/data_command.h"
#include "examples/translate/commands/translation_recipe.h"
#include "examples/translate/doctor/doctor_command.h"
#include "examples/translate/evaluation/estimators_command.h"
#include "examples/translate/evaluation/eval_command.h"
#include "examples/translate/page/page_command.h"

namespace {

int run(int argc, char** argv) {
  using namespace heed::translate;
  // For what a command says to type next, and for what it writes down of where its work came from.
  const auto with_name = [&](auto command) { return [=](const auto& flags) { return command(flags, argv[0]); }; };
  const auto with_line = [&](auto command) {
    return [=](const auto& flags) { return command(flags, heed::support::shell_line({argv, argv + argc}), argv[0]); };
  };
  heed::support::Program program(
      "Translators that learn to align: RNNsearch (Bahdanau, Cho, Bengio 2014) and its relatives.\n"
      "Try:  translate train --data builtin --preset demo --out runs/demo");
  heed::support::Commands commands(program);
  TranslationRecipe recipe;
  heed::support::TrainCommand train(program, recipe, argc, argv);
  commands.add(train);
  commands.add<EvalFlags>("eval", "BLEU, chrF, perplexity and alignment error of a trained run on a split", evaluate);
  commands.add<EstimatorFlags>(
      "estimators",
      "Bias, variance and time of hard attention's estimators, beside the exact gradient of short sentences",
      compare_estimators);
  commands.add<TextFlags>("text", "Translate standard input, one sentence a line, each answered at once",
                          translate_text);
  commands.add<ShortlistFlags>("shortlist", "Which words each source word may call for: makes text and eval faster",
                               with_name(make_shortlist));
  commands.add<heed::support::AverageFlags>("average", "One model from the weights of several that began alike",
                                            with_line(average_runs));
  commands.add<DoctorFlags>("doctor", "What is in the data, what looks wrong with it, and what to type next",
                            with_name(examine));
  commands.add<PageFlags>("page", "Write one file that translates in a browser and shows how, without a network",
                          write_page);
  commands.add<DataFlags>(
      "data",
      "Write the built-in corpus, or a larger or longer one, with gold alignments; or longer texts of your own corpus",
      with_name(write_data));
  return commands.run(argc, argv);
}

}  // namespace

int main(int argc, char** argv) {
  return heed::support::run_main([&] { return run(argc, argv); });
}
