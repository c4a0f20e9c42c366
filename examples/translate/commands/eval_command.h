// translate eval: how good a trained translator is on a split.
#pragma once

#include <string>

#include "examples/support/training/checkpoint.h"
#include "examples/translate/model/decode.h"

namespace heed::translate {

struct EvalFlags : support::CheckpointFlags {
  DecodeOptions decode;
  std::string data, split = "valid", columns, output;
  bool json = false;

  void fields(auto& visit) {
    CheckpointFlags::fields(visit);
    decode.fields(visit);
    visit("data", data, "corpus; that of the training unless given");
    visit("columns", columns, "of a table, as in training: where source and target stand, such as 2,4");
    visit("split", split, "valid, test, test2016, ..");
    visit("output", output, "write the translations to this file, a line for each line of the split");
    visit("json", json, "one JSON object on stdout");
  }
};

// Returns the exit code.
int evaluate(const EvalFlags& flags);

}  // namespace heed::translate
