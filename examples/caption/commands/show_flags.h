// The flags of `caption show`.
#pragma once

#include <string>
#include <vector>

#include "examples/caption/commands/describe_flags.h"

namespace heed::caption {

struct ShowFlags : DescribeFlags {
  std::vector<std::string> images;
  std::string html;
  int64_t samples = -1;  // -1: two for hard attention, none otherwise
};

support::Command add_show_command(support::Program& program, ShowFlags& flags);

}  // namespace heed::caption
