#include "examples/caption/commands/describe_flags.h"

namespace heed::caption {

DescribeOptions DescribeFlags::options() const {
  DescribeOptions options = describe;
  options.reading = reading_named(reading);
  return options;
}

void add_describe_flags(support::Command& command, DescribeFlags& flags) {
  DescribeOptions& describe = flags.describe;
  command.text("--run", flags.run, "folder of the run").required();
  command.text("--checkpoint", flags.checkpoint, "best.safetensors or last.safetensors");
  command.text("--weights", flags.weights, "of the encoder; the file of the training unless given");
  command.whole("--beam", describe.beam, 1, 1000, "width of the search; 1: greedy");
  command.real("--length-penalty", describe.length_penalty, 0, 10,
               "exponent of the length that scores are divided by");
  command.choice("--reading", flags.reading, {"expectation", "argmax", "sample"},
                 "what a word sees: the expected annotation, that of the largest weight, or a drawn one");
  command.whole("--seed", describe.seed, 0, support::any_whole, "of --reading sample");
  command.whole("--max-length", describe.max_length, 1, 10000, "words of a caption");
  command.on("!--allow-unknown", describe.forbid_unknown, "allow <unk> as a word");
  command.whole("--threads", flags.threads, 1, 1024, "results do not depend on it");
}

}  // namespace heed::caption
