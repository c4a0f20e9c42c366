// A trained run, back from its folder: what every command that uses one begins with.
#pragma once

#include <string>
#include <vector>

#include "autograd/tape/parameters.h"
#include "examples/support/program/fields.h"
#include "examples/support/program/machine.h"
#include "examples/support/program/run_folder.h"

namespace heed::support {

// Which run, and which of its two checkpoints.
struct CheckpointFlags {
  std::string run, checkpoint = "best.safetensors";
  int threads = all_threads();

  void fields(auto& visit) {
    visit("run", run, "folder of the run", {.required = true});
    visit("checkpoint", checkpoint, "best.safetensors or last.safetensors");
    visit("threads", threads, "results do not depend on it", {.least = 1, .most = 1024});
  }
};

// The options of the run into these fields. What is missing was not yet an option when the run began, and
// keeps its default. Throws if they are not those of a `model` ("translator").
void read_options(const RunFolder& run, const std::vector<Field>& fields, const std::string& model);

// Throws if a file of the run is not the one that this checkpoint was made with: it was changed, removed, or
// belongs to another run. `fields` are those of read_options. Says so, in a line, if the checkpoint is from
// before 2026-12 and cannot tell.
void check_files(const RunFolder& run, const std::string& checkpoint, const std::vector<Field>& fields);

// The parameters that were or would have been validated. Throws, saying what is missing, cut, corrupted or of
// another model.
void load_checkpoint(const RunFolder& run, const std::string& checkpoint, const std::vector<NamedTensor>& model);

}  // namespace heed::support
