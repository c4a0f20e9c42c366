// translate: trains, judges and uses translators that learn to align.
#include "examples/support/process/frame.h"
#include "examples/support/program/argv.h"
#include "examples/translate/answers/text_command.h"
#include "examples/translate/commands/average_command.h"
#include "examples/translate/commands/data_command.h"
#include "examples/translate/commands/translation_recipe.h"
#include "examples/translate/doctor/doctor_command.h"
#include "examples/translate/evaluation/estimators_command.h"
#include "examples/translate/evaluation/eval_command.h"
#include "examples/translate/page/page_command.h"

namespace {

heed::support::Command command_with(heed::support::Program& program, const char* name, const char* help,
                                    const std::vector<heed::support::Field>& flags) {
  const heed::support::Command command = program.command(name, help);
  heed::support::add_flags(command, flags);
  return command;
}

// Of every command but train, whose are the options of a run.
struct Flags {
  heed::translate::EvalFlags eval;
  heed::translate::EstimatorFlags estimator;
  heed::translate::TextFlags text;
  heed::translate::AverageFlags average;
  heed::translate::DoctorFlags doctor;
  heed::translate::PageFlags page;
  heed::translate::DataFlags data;
};

int run(int argc, char** argv) {
  using namespace heed::translate;
  using heed::support::add_flags, heed::support::fields_of;
  heed::support::Program program(
      "Translators that learn to align: RNNsearch (Bahdanau, Cho, Bengio 2014) and its relatives.\n"
      "Try:  translate train --data builtin --preset demo --out runs/demo");
  TranslationRecipe recipe;
  Flags flags;
  heed::support::TrainCommand train(program, recipe, argc, argv);
  const auto command = [&](const char* name, const char* help, auto& of) {
    return command_with(program, name, help, fields_of(of));
  };
  const auto eval =
      command("eval", "BLEU, chrF, perplexity and alignment error of a trained run on a split", flags.eval);
  const auto estimators =
      command("estimators",
              "Bias, variance and time of hard attention's estimators, beside the exact gradient of short sentences",
              flags.estimator);
  command("text", "Translate standard input, one sentence a line, each answered at once", flags.text);
  const auto average = command("average", "One model from the weights of several that began alike", flags.average);
  const auto doctor =
      command("doctor", "What is in the data, what looks wrong with it, and what to type next", flags.doctor);
  const auto page =
      command("page", "Write one file that translates in a browser and shows how, without a network", flags.page);
  auto data = program.command(
      "data",
      "Write the built-in corpus, or a larger or longer one, with gold alignments; or longer texts of your own corpus");
  data.positional("corpus", flags.data.corpus, "builtin, or what --data of train takes, with --join");
  add_flags(data, fields_of(flags.data));
  return program.run(argc, argv, [&] {
    if (train.given()) return train.run();
    if (eval.given()) return evaluate(flags.eval);
    if (estimators.given()) return compare_estimators(flags.estimator);
    if (average.given()) return average_runs(flags.average, heed::support::shell_line({argv, argv + argc}), argv[0]);
    if (doctor.given()) return examine(flags.doctor, argv[0]);
    if (page.given()) return write_page(flags.page);
    if (data.given()) return write_data(flags.data, argv[0]);
    return translate_text(flags.text);
  });
}

}  // namespace

int main(int argc, char** argv) {
  return heed::support::run_main([&] { return run(argc, argv); });
}
