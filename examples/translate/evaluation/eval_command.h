// translate eval: how good a trained translator is, or several together, on a split, by length, and compared with
// another.
#pragma once

#include <string>

#include "examples/translate/commands/checkpoint.h"
#include "examples/translate/evaluation/split_text.h"
#include "examples/translate/model/search/decode.h"

namespace heed::translate {

struct EvalFlags : support::RunsFlags {
  DecodeOptions decode;
  SplitFlags text;
  std::string against, bins, output;
  bool by_length = false, by_position = false, json = false;

  void fields(auto& visit) {
    RunsFlags::fields(visit);
    decode.fields(visit);
    text.fields(visit);
    visit("by_length", by_length, "BLEU, chrF and, with --gold, AER by the length of the source, with bands of 95 %");
    visit("bins", bins, "where they end, such as 10,20,30; unless given, as fits the split");
    visit("by_position", by_position,
          "how well the right next word is known after the right words, and after the model's own, by position");
    visit("against", against, "folder of another run: how much better this one is, and how sure that is");
    visit("output", output, "write the translations to this file, as plain text, a line for each line of the split");
    visit("json", json, "one JSON object on stdout");
  }
};

// Returns the exit code.
int evaluate(const EvalFlags& flags);

}  // namespace heed::translate
