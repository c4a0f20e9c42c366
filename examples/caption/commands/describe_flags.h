// The flags with which every command describes pictures: which run, and how words are chosen.
#pragma once

#include <algorithm>
#include <string>
#include <thread>

#include "examples/caption/model/describe.h"
#include "examples/support/program/command_line.h"

namespace heed::caption {

struct DescribeFlags {
  std::string run, checkpoint = "best.safetensors";
  std::string weights;  // of the encoder; those of the training unless given
  DescribeOptions describe;
  std::string reading = "expectation";
  int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));

  DescribeOptions options() const;  // with the reading
};

void add_describe_flags(support::Command& command, DescribeFlags& flags);

}  // namespace heed::caption
