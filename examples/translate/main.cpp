// translate: trains, judges and uses translators that learn to align.
#include "examples/support/process/frame.h"
#include "examples/support/program/argv.h"
#include "examples/translate/commands/average_command.h"
#include "examples/translate/commands/data_command.h"
#include "examples/translate/answers/text_command.h"
#include "examples/translate/commands/translation_recipe.h"
#include "examples/translate/doctor/doctor_command.h"
#include "examples/translate/evaluation/estimators_command.h"
#include "examples/translate/evaluation/eval_command.h"

namespace {

int run(int argc, char** argv) {
  using namespace heed::translate;
  using heed::support::add_flags, heed::support::fields_of;
  heed::support::Program program(
      "Translators that learn to align: RNNsearch (Bahdanau, Cho, Bengio 2014) and its relatives.\n"
      "Try:  translate train --data builtin --preset demo --out runs/demo");
  TranslationRecipe recipe;
  heed::support::TrainCommand train(program, recipe, argc, argv);
  EvalFlags eval_flags;
  const auto eval = program.command("eval", "BLEU, chrF, perplexity and alignment error of a trained run on a split");
  add_flags(eval, fields_of(eval_flags));
  EstimatorFlags estimator_flags;
  const auto estimators = program.command(
      "estimators", "Bias, variance and time of hard attention's estimators, beside the exact gradient of short sentences");
  add_flags(estimators, fields_of(estimator_flags));
  TextFlags text_flags;
  const auto text =
      program.command("text", "Translate standard input, one sentence a line, each answered at once");
  add_flags(text, fields_of(text_flags));
  AverageFlags average_flags;
  const auto average = program.command("average", "One model from the weights of several that began alike");
  add_flags(average, fields_of(average_flags));
  DoctorFlags doctor_flags;
  const auto doctor = program.command("doctor", "What is in the data, what looks wrong with it, and what to type next");
  add_flags(doctor, fields_of(doctor_flags));
  DataFlags data_flags;
  auto data = program.command("data", "Write the built-in corpus, or a larger or longer one, with gold alignments; or longer texts of your own corpus");
  data.positional("corpus", data_flags.corpus, "builtin, or what --data of train takes, with --join");
  add_flags(data, fields_of(data_flags));
  return program.run(argc, argv, [&] {
    if (train.given()) return train.run();
    if (eval.given()) return evaluate(eval_flags);
    if (estimators.given()) return compare_estimators(estimator_flags);
    if (average.given())
      return average_runs(average_flags, heed::support::shell_line({argv, argv + argc}), argv[0]);
    if (doctor.given()) return examine(doctor_flags, argv[0]);
    if (data.given()) return write_data(data_flags, argv[0]);
    return translate_text(text_flags);
  });
}

}  // namespace

int main(int argc, char** argv) {
  return heed::support::run_main([&] { return run(argc, argv); });
}
