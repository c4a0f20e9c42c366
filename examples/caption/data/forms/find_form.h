// Which form a folder or file is of.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "examples/caption/data/forms/caption_form.h"

namespace heed::caption {

// Files that belong together, each with the split that its name says ("" if there is but one file).
struct FoundForm {
  const CaptionFormChoice* form = nullptr;
  std::vector<std::pair<std::string, std::filesystem::path>> files;
};

// `data` is a file or a folder. Throws when nothing there fits a form, and when there are several files of
// one form that do not belong together.
FoundForm find_form(const std::filesystem::path& data);

}  // namespace heed::caption
