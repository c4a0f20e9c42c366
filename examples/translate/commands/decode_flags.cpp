#include "examples/translate/commands/decode_flags.h"

namespace heed::translate {
namespace {

void add_decode_flags(support::Command& command, DecodeFlags& flags) {
  DecodeOptions& decode = flags.decode;
  command.text("--run", flags.run, "folder of the run").required();
  command.text("--checkpoint", flags.checkpoint, "best.safetensors or last.safetensors");
  command.whole("--beam", decode.beam, 1, 1000, "width of the search; 1: greedy");
  command.real("--length-penalty", decode.length_penalty, 0, 10,
               "exponent of the length that scores are divided by");
  command.on("!--keep-unknown", decode.replace_unknown,
             "leave <unk> where it is instead of copying the source word");
  command.on("--forbid-unknown", decode.forbid_unknown, "never write <unk>");
  command.whole("--threads", flags.threads, 1, 1024, "results do not depend on it");
}

}  // namespace

support::Command add_eval_command(support::Program& program, EvalFlags& flags) {
  support::Command command =
      program.command("eval", "BLEU, perplexity and speed of a trained run on a split");
  add_decode_flags(command, flags);
  command.text("--data", flags.data, "corpus; that of the training unless given");
  command.text("--split", flags.split, "valid, test, test2016, ..");
  command.text("--output", flags.output, "write the translations to this file");
  command.on("--json", flags.json, "one JSON object on stdout");
  return command;
}

support::Command add_text_command(support::Program& program, TextFlags& flags) {
  support::Command command = program.command("text", "Translate standard input, one sentence a line");
  add_decode_flags(command, flags);
  command.on("--align", flags.align, "print where each word looked");
  command.text("--html", flags.html, "write a page with the alignments");
  return command;
}

}  // namespace heed::translate
