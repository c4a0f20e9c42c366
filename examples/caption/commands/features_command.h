// caption features: fills the cache of a fixed encoder's annotations.
#pragma once

#include <string>

#include "examples/caption/data/views.h"
#include "examples/caption/encoders/fixed_encoders.h"
#include "examples/support/program/fields.h"
#include "examples/support/program/machine.h"

namespace heed::caption {

struct FeaturesFlags {
  std::string data, images, encoder = "squeezenet", weights, cache;
  WeightsFrom weights_from = WeightsFrom::automatic;
  int64_t tune_encoder = 0;
  int threads = support::all_threads();
  bool skip_broken = false, json = false;
  ViewOptions views;

  void fields(auto& visit) {
    visit("data", data, "photographs with captions, as caption train takes them", {.required = true});
    visit("images", images, "the folder of the photographs, where they are not beside the captions");
    visit("encoder", encoder, fixed_encoders, "the network that looks at the photographs");
    visit("weights", weights, kWeightsHelp, {.required = true});
    visit("weights_from", weights_from, weights_origins, kWeightsFromHelp);
    visit("tune_encoder", tune_encoder, "what the last so many modules see, for caption train --tune-encoder",
          {.most = 3});
    visit("cache", cache,
          "file to keep them in; DATA/ENCODER.features, or DATA/ENCODER-less-N.features, unless given");
    visit("threads", threads, "photographs looked at at the same time", {.least = 1, .most = 1024});
    visit("skip_broken", skip_broken, "leave out photographs that cannot be read, and name them");
    visit("views", views);
    visit("json", json, "one JSON object on stdout");
  }
};

// Returns the exit code.
int compute_features(const FeaturesFlags& flags);

}  // namespace heed::caption
