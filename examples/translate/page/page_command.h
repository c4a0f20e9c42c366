// translate page: one file in which a trained run translates in a browser, and shows how.
#pragma once

#include <string>

#include "examples/support/training/checkpoint.h"
#include "examples/translate/page/packed_run.h"

namespace heed::translate {

struct PageFlags : support::CheckpointFlags {
  std::string out = "translator.html", engine = HEED_ENGINE_PAGE;
  support::NumberType weights = support::NumberType::f32;
  bool json = false;

  void fields(auto& visit) {
    CheckpointFlags::fields(visit);
    visit("out", out, "the page");
    visit("weights", weights, support::number_types, "how the page holds the numbers");
    visit("engine", engine, "the page without a run, which ./run page builds");
    visit("json", json, "one JSON object on stdout (docs/programs.md)");
  }
};

// Returns the exit code.
int write_page(const PageFlags& flags);

}  // namespace heed::translate
