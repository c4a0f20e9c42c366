// The flags of `caption eval`.
#pragma once

#include <string>

#include "examples/caption/commands/describe_flags.h"

namespace heed::caption {

struct EvalFlags : DescribeFlags {
  std::string data, cache, split = "dev", captions, output;
  bool skip_broken = false, json = false;
};

support::Command add_eval_command(support::Program& program, EvalFlags& flags);

}  // namespace heed::caption
