// translate: trains, judges and uses translators that learn to align.
#include <CLI/CLI.hpp>

#include "examples/support/flags.h"
#include "examples/support/run_folder.h"
#include "examples/translate/commands.h"

int main(int argc, char** argv) {
  using namespace heed::translate;
  CLI::App app(
      "Translators that learn to align: RNNsearch (Bahdanau, Cho, Bengio 2014) and its relatives.\n"
      "Try:  translate train --data builtin --preset demo --out runs/demo");
  app.require_subcommand(1);
  TrainFlags train_flags = early_defaults(argc, argv);
  EvalFlags eval_flags;
  TextFlags text_flags;
  add_train_command(app, train_flags);
  add_eval_command(app, eval_flags);
  add_text_command(app, text_flags);
  return heed::support::run_program(app, argc, argv, [&] {
    if (app.got_subcommand("train")) return train(train_flags, heed::support::command_line_text(argc, argv));
    if (app.got_subcommand("eval")) return evaluate(eval_flags);
    return translate_text(text_flags);
  });
}
