// The flags with which every command describes pictures: which runs, and how words are chosen.
#pragma once

#include <string>

#include "examples/caption/encoders/origin.h"
#include "examples/caption/model/decode.h"
#include "examples/support/together/runs_flags.h"

namespace heed::caption {

// Whose numbers the fixed encoder has.
struct EncoderFlags {
  std::string weights;  // those of the training unless given
  WeightsFrom weights_from = WeightsFrom::automatic;

  void fields(auto& visit) {
    visit("weights", weights, "of the encoder, in any form that train takes; the file of the training unless given");
    visit("weights_from", weights_from, weights_origins, "who trained them, if it is not what the run knows");
  }
};

struct DescribeFlags : support::RunsFlags, EncoderFlags {
  DecodeOptions decode;

  void fields(auto& visit) {
    RunsFlags::fields(visit);
    EncoderFlags::fields(visit);
    decode.fields(visit);
  }
};

}  // namespace heed::caption
