// caption page: one file in which a trained run describes photographs in a browser, and shows where it looks.
#pragma once

#include <string>
#include <vector>

#include "examples/caption/commands/describe_flags.h"
#include "examples/support/pages/packed_model.h"

namespace heed::caption {

struct PageFlags : support::CheckpointFlags, EncoderFlags {
  std::vector<std::string> pictures;
  std::string out = "captioner.html", engine = HEED_CAPTION_ENGINE_PAGE;
  support::NumberType numbers = support::NumberType::f32;
  bool json = false;

  void fields(auto& visit) {
    CheckpointFlags::fields(visit);
    EncoderFlags::fields(visit);
    visit("pictures", pictures,
          "files to try, or folders of them; unless given the first pictures that the run was validated with");
    visit("out", out, "the page");
    visit("numbers", numbers, support::number_types, "how the page holds the numbers");
    visit("engine", engine, "the page without a run, which ./run page builds");
    visit("json", json, "one JSON object on stdout (docs/programs.md)");
  }
};

// Returns the exit code.
int write_page(const PageFlags& flags);

}  // namespace heed::caption
