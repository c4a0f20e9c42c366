// The flags with which every command describes pictures: which run, and how words are chosen.
#pragma once

#include <string>

#include "examples/caption/model/decode.h"
#include "examples/support/training/checkpoint.h"

namespace heed::caption {

struct DescribeFlags : support::CheckpointFlags {
  std::string weights;  // of the encoder; those of the training unless given
  DecodeOptions decode;

  void fields(auto& visit) {
    CheckpointFlags::fields(visit);
    visit("weights", weights, "of the encoder; the file of the training unless given");
    decode.fields(visit);
  }
};

}  // namespace heed::caption
