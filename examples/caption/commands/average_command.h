// caption average: one model from the weights of several that began alike (support/together/average_runs.h).
#pragma once

#include <string>

#include "examples/support/together/average_runs.h"

namespace heed::caption {

// Returns the exit code. `command_line` is kept in run.json, `program` is for what to type next.
int average_runs(const support::AverageFlags& flags, const std::string& command_line, const std::string& program);

}  // namespace heed::caption
