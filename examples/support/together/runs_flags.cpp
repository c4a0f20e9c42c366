#include "examples/support/together/runs_flags.h"

#include <fmt/ranges.h>

namespace heed::support {

std::string RunsFlags::name() const { return fmt::format("{}", fmt::join(runs, " + ")); }

CheckpointFlags RunsFlags::of(const std::string& run) const {
  CheckpointFlags one;
  one.run = run;
  one.checkpoint = checkpoint;
  one.threads = threads;
  return one;
}

}  // namespace heed::support
