// translate doctor: what is in the data, what looks wrong with it, and what to type next.
#pragma once

#include <string>

#include "examples/support/program/machine.h"
#include "examples/translate/commands/options.h"

namespace heed::translate {

struct DoctorFlags {
  std::string data = "builtin", source = "en", target, columns;
  support::TokenForm tokens{support::Tokenization::by_looking, false};
  std::string measured = "all";  // presets
  int threads = support::all_threads();
  bool json = false;

  void fields(auto& visit) {
    visit("data", data, "as for train (docs/translation.md)");
    visit("source", source, "language to translate from");
    visit("target", target, "language to translate to; as for train unless given");
    visit("columns", columns, "of a table: where source and target stand, such as 2,4");
    tokens.fields(visit);
    visit("presets", measured,
          "whose time and memory are measured by a few steps: all, none, or names with commas between");
    visit("threads", threads, "of training", {.least = 1, .most = 1024});
    visit("json", json, "one JSON object on stdout (docs/programs.md)");
  }
};

// Returns the exit code. `program`: as it was called, for what to type next.
int examine(const DoctorFlags& flags, const std::string& program);

}  // namespace heed::translate
