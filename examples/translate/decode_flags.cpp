#include "examples/translate/decode_flags.h"

#include "examples/support/number_flags.h"

namespace heed::translate {

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

}  // namespace heed::translate
