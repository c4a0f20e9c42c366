// The flags with which every command describes pictures: which run, and how words are chosen.
#pragma once

#include <string>

#include "examples/caption/encoders/origin.h"
#include "examples/caption/model/decode.h"
#include "examples/support/training/checkpoint.h"

namespace heed::caption {

struct EncoderFlags : support::CheckpointFlags {
  std::string weights;  // of the encoder; those of the training unless given
  WeightsFrom weights_from = WeightsFrom::automatic;

  void fields(auto& visit) {
    CheckpointFlags::fields(visit);
    visit("weights", weights, "of the encoder, in any form that train takes; the file of the training unless given");
    visit("weights_from", weights_from, weights_origins, "who trained them, if it is not what the run knows");
  }
};

struct DescribeFlags : EncoderFlags {
  DecodeOptions decode;

  void fields(auto& visit) {
    EncoderFlags::fields(visit);
    decode.fields(visit);
  }
};

}  // namespace heed::caption
