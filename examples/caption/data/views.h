// Other views of a photograph, to learn from more than the one: crops, and mirror images.
//
// A fixed encoder's annotations are computed once, so what would be drawn anew at every step if the pixels
// were seen is a handful of views here, the same each time: the features of each are kept under its own name.
#pragma once

#include <string>
#include <vector>

#include "examples/support/images/image.h"

namespace heed::caption {

struct View {
  int64_t crop = 0;  // which crop; 0: the whole picture
  bool mirror = false;
};

constexpr int64_t kMostCrops = 100;

struct ViewOptions {
  bool mirror = false;  // the whole picture's mirror image, too
  int64_t crops = 0;    // so many crops of every picture, each second one mirrored

  void fields(auto& visit) {
    visit("mirror", mirror, "every picture's mirror image, too", {.flag = "--mirror,!--no-mirror"});
    visit("crops", crops, "so many crops of every picture, too", {.most = kMostCrops});
  }
};

// What is asked for, the whole picture first.
std::vector<View> views(const ViewOptions& options);

// Under which name the features of a view of the picture file `name` are kept: that of the whole is `name`.
std::string view_name(const std::string& name, const View& view);

// The view itself. A crop keeps 70 to 100 % of either side; where it lies is decided by its number and the
// file's name alone.
support::Image view_of(const support::Image& image, const std::string& name, const View& view);

}  // namespace heed::caption
