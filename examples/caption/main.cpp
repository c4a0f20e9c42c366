// caption: describes photographs, word by word, looking at the place that each word is about.
#include "examples/caption/commands/commands.h"
#include "examples/support/program/run_folder.h"

int main(int argc, char** argv) {
  using namespace heed::caption;
  heed::support::Program program(
      "Captions with visual attention: Show, Attend and Tell (Xu et al. 2015), soft and hard.\n"
      "Try:  caption train --data builtin --out runs/scenes");
  TrainFlags train_flags = train_defaults(argc, argv);
  EvalFlags eval_flags;
  ShowFlags show_flags;
  FeaturesFlags features_flags;
  const auto train_command = add_train_command(program, train_flags);
  const auto eval_command = add_eval_command(program, eval_flags);
  const auto show_command = add_show_command(program, show_flags);
  add_features_command(program, features_flags);
  return program.run(argc, argv, [&] {
    if (train_command.given()) return train(train_flags, heed::support::command_line_text(argc, argv));
    if (eval_command.given()) return evaluate(eval_flags);
    if (show_command.given()) return show(show_flags);
    return fill_features(features_flags);
  });
}
