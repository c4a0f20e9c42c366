#include "examples/translate/decode_flags.h"

#include <CLI/CLI.hpp>

#include "examples/support/number_flags.h"

namespace heed::translate {
namespace {

void add_decode_flags(CLI::App& command, DecodeFlags& flags) {
  using support::real, support::whole;
  DecodeOptions& decode = flags.decode;
  command.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  command.add_option("--run", flags.run, "folder of the run")->required();
  command.add_option("--checkpoint", flags.checkpoint, "best.safetensors or last.safetensors")
      ->capture_default_str();
  command.add_option("--beam", decode.beam, "width of the search; 1: greedy")
      ->check(whole(1, 1000))
      ->capture_default_str();
  command
      .add_option("--length-penalty", decode.length_penalty,
                  "exponent of the length that scores are divided by")
      ->check(real(0, 10))
      ->capture_default_str();
  command.add_flag("!--keep-unknown", decode.replace_unknown,
                   "leave <unk> where it is instead of copying the source word");
  command.add_flag("--forbid-unknown", decode.forbid_unknown, "never write <unk>");
  command.add_option("--threads", flags.threads, "results do not depend on it")
      ->check(whole(1, 1024))
      ->capture_default_str();
}

}  // namespace

void add_eval_command(CLI::App& app, EvalFlags& flags) {
  CLI::App* command = app.add_subcommand("eval", "BLEU, perplexity and speed of a trained run on a split");
  add_decode_flags(*command, flags);
  command->add_option("--data", flags.data, "corpus; that of the training unless given");
  command->add_option("--split", flags.split, "valid, test, test2016, ..")->capture_default_str();
  command->add_option("--output", flags.output, "write the translations to this file");
  command->add_flag("--json", flags.json, "one JSON object on stdout");
}

void add_text_command(CLI::App& app, TextFlags& flags) {
  CLI::App* command = app.add_subcommand("text", "Translate standard input, one sentence a line");
  add_decode_flags(*command, flags);
  command->add_flag("--align", flags.align, "print where each word looked");
  command->add_option("--html", flags.html, "write a page with the alignments");
}

}  // namespace heed::translate
