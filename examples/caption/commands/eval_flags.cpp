#include "examples/caption/commands/eval_flags.h"

namespace heed::caption {

support::Command add_eval_command(support::Program& program, EvalFlags& flags) {
  support::Command command = program.command(
      "eval", "BLEU, METEOR, ROUGE-L and CIDEr-D of a trained run on a split, and how sharp attention is");
  add_describe_flags(command, flags);
  command.text("--data", flags.data, "builtin or a folder; that of the training unless given");
  command.text("--cache", flags.cache, "file of the encoder's features; that of the training unless given");
  command.text("--split", flags.split, "dev, test, ..");
  command.text("--captions", flags.captions,
               "captions to compare with; captions.SPLIT.tsv of the data unless given");
  command.text("--output", flags.output,
               "write the captions to this file: image, number and caption, tabs between");
  command.on("--skip-broken", flags.skip_broken, "leave out pictures that cannot be read, and name them");
  command.on("--json", flags.json, "one JSON object on stdout");
  return command;
}

}  // namespace heed::caption
