// The flags of `caption features`.
#pragma once

#include <algorithm>
#include <string>
#include <thread>

#include "examples/caption/data/views.h"
#include "examples/support/program/command_line.h"

namespace heed::caption {

struct FeaturesFlags {
  std::string data, encoder = "squeezenet", weights, cache;
  int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  bool skip_broken = false, json = false;
  ViewOptions views;
};

support::Command add_features_command(support::Program& program, FeaturesFlags& flags);

}  // namespace heed::caption
