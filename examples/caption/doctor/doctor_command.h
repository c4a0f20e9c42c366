// caption doctor: what is in the data, what looks wrong with them, what training would take, and what to type next.
#pragma once

#include <string>

#include "examples/caption/data/corpus.h"
#include "examples/support/program/machine.h"

namespace heed::caption {

struct DoctorFlags {
  std::string data = "builtin", images, weights, cache;
  WeightsFrom weights_from = WeightsFrom::automatic;
  std::string measured = "all";  // presets
  int64_t looked_at = 1000;      // pictures of each split
  int threads = support::all_threads();
  bool json = false;

  void fields(auto& visit) {
    visit("data", data, "as for train (docs/captions.md)");
    visit("images", images, "the folder of the photographs, where they are not beside the captions");
    visit("weights", weights,
          "of the encoder of the presets; without them, and without a cache, these cannot be measured");
    visit("weights_from", weights_from, weights_origins, kWeightsFromHelp);
    visit("cache", cache, "file of the encoder's features; DATA/ENCODER.features unless given");
    visit("look", looked_at, "photographs of each split that are decoded, to see whether they are whole; 0: all");
    visit("presets", measured,
          "whose time and memory are measured by a few steps: all, none, or names with commas between");
    visit("threads", threads, "of training", {.least = 1, .most = 1024});
    visit("json", json, "one JSON object on stdout (docs/programs.md)");
  }
};

// Returns the exit code. `program`: as it was called, for what to type next.
int examine(const DoctorFlags& flags, const std::string& program);

}  // namespace heed::caption
