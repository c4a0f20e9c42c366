// translate shortlist: from what a run was trained on, which target words each source word may call for
// (../model/shortlist.h). text and eval --shortlist keep to them.
#pragma once

#include <string>

#include "examples/support/training/checkpoint.h"

namespace heed::translate {

struct ShortlistFlags {
  std::string run, data;
  int64_t candidates = 100, frequent = 100, iterations = 5;
  bool json = false;

  void fields(auto& visit) {
    visit("run", run, "folder of the run; its shortlist.tsv is made", {.required = true});
    visit("data", data, "pairs to learn from; unless given, what the run was trained on");
    visit("candidates", candidates, "target words for each source word", {.least = 1, .most = 10000});
    visit("frequent", frequent, "the most frequent target words, which may always be written", {.most = 1000000});
    visit("iterations", iterations, "of IBM model 1", {.least = 1, .most = 100});
    visit("json", json, "one JSON object on stdout (docs/programs.md)");
  }
};

// Returns the exit code. `program` is for what to type next.
int make_shortlist(const ShortlistFlags& flags, const std::string& program);

}  // namespace heed::translate
