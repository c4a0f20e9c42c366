// translate: trains, judges and uses translators that learn to align.
#include "examples/support/program/run_folder.h"
#include "examples/translate/commands/commands.h"

int main(int argc, char** argv) {
  using namespace heed::translate;
  heed::support::Program program(
      "Translators that learn to align: RNNsearch (Bahdanau, Cho, Bengio 2014) and its relatives.\n"
      "Try:  translate train --data builtin --preset demo --out runs/demo");
  TrainFlags train_flags = early_defaults(argc, argv);
  EvalFlags eval_flags;
  TextFlags text_flags;
  const auto train_command = add_train_command(program, train_flags);
  const auto eval_command = add_eval_command(program, eval_flags);
  add_text_command(program, text_flags);
  return program.run(argc, argv, [&] {
    if (train_command.given()) return train(train_flags, heed::support::command_line_text(argc, argv));
    if (eval_command.given()) return evaluate(eval_flags);
    return translate_text(text_flags);
  });
}
