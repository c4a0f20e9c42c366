// Which runs, if several may write together.
#pragma once

#include <string>
#include <vector>

#include "examples/support/training/checkpoint.h"

namespace heed::support {

struct RunsFlags {
  std::vector<std::string> runs;
  std::string checkpoint = "best.safetensors";
  int threads = all_threads();

  void fields(auto& visit) {
    visit("run", runs,
          "folder of the run; several (--run A --run B): they write together, by the mean of their probabilities",
          {.required = true});
    visit("checkpoint", checkpoint, "best.safetensors or last.safetensors");
    visit("threads", threads, "results do not depend on it", {.least = 1, .most = 1024});
  }
  // "runs/a", "runs/a + runs/b"
  std::string name() const;
  // The flags of one of them.
  CheckpointFlags of(const std::string& run) const;
};

}  // namespace heed::support
