// translate eval: how good a trained translator is on a split.
#pragma once

#include <string>

#include "examples/support/training/checkpoint.h"
#include "examples/translate/model/decode.h"

namespace heed::translate {

struct EvalFlags : support::CheckpointFlags {
  DecodeOptions decode;
  std::string data, split = "valid", output;
  bool json = false;

  void fields(auto& visit) {
    CheckpointFlags::fields(visit);
    decode.fields(visit);
    visit("data", data, "corpus; that of the training unless given");
    visit("split", split, "valid, test, test2016, ..");
    visit("output", output, "write the translations to this file");
    visit("json", json, "one JSON object on stdout");
  }
};

// Returns the exit code.
int evaluate(const EvalFlags& flags);

}  // namespace heed::translate
