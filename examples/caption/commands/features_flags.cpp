#include "examples/caption/commands/features_flags.h"

#include "examples/caption/encoders/encoder.h"

namespace heed::caption {

support::Command add_features_command(support::Program& program, FeaturesFlags& flags) {
  support::Command command =
      program.command("features", "Compute the encoder's annotations of all photographs once, and keep them");
  command.text("--data", flags.data, "folder with images/ and split.train.txt, split.dev.txt, ..").required();
  command.choice("--encoder", flags.encoder, encoder_names(), "the network that looks at the photographs");
  command.text("--weights", flags.weights, "its weights, a safetensors file").required();
  command.text("--cache", flags.cache, "file to keep them in; DATA/ENCODER.features unless given");
  command.whole("--threads", flags.threads, 1, 1024, "photographs looked at at the same time");
  command.on("--skip-broken", flags.skip_broken, "leave out photographs that cannot be read, and name them");
  command.on("--mirror", flags.views.mirror,
             "the mirror image of every photograph, for caption train --mirror");
  command.whole("--crops", flags.views.crops, 0, kMostCrops,
                "of every photograph, for caption train --crops");
  command.on("--json", flags.json, "one JSON object on stdout");
  return command;
}

}  // namespace heed::caption
