// caption show: describes single pictures and shows where the model looked.
#pragma once

#include <string>
#include <vector>

#include "examples/caption/commands/describe_flags.h"

namespace heed::caption {

struct ShowFlags : DescribeFlags {
  std::vector<std::string> images;
  std::string html;
  bool skip_broken = false, json = false;
  int64_t samples = -1;  // -1: two for hard attention, none otherwise

  void fields(auto& visit) {
    DescribeFlags::fields(visit);
    visit("images", images, "picture files, or folders of them", {.flag = "--image", .required = true});
    visit("html", html, "the page to write; none: only print the captions");
    visit("skip_broken", skip_broken, "leave out pictures that cannot be read, and name them");
    visit("json", json, "print one JSON object for each caption (docs/programs.md)");
    visit("samples", samples, "captions with drawn places beside the other; -1: two for hard attention, else none",
          {.least = -1, .most = 100});
  }
};

// Returns the exit code.
int show(const ShowFlags& flags);

}  // namespace heed::caption
