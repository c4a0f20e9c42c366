#include "examples/caption/data/forms/split_lists.h"

#include <unordered_map>

#include "autograd/base/error.h"
#include "examples/caption/data/captioned_images.h"
#include "examples/support/text/text.h"

namespace heed::caption {
namespace {

namespace fs = std::filesystem;

// The split that a file lists by its name, or "".
std::string listed_by(const std::string& name) {
  if (name.starts_with("split.") && name.ends_with(".txt") && name.size() > 10)
    return name.substr(6, name.size() - 10);
  for (const char* split : {"train", "dev", "test"})
    if (name.ends_with(std::string(split) + "Images.txt")) return split;
  return "";
}

}  // namespace

std::map<std::string, fs::path> find_split_lists(const fs::path& folder) {
  std::map<std::string, fs::path> lists;
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
    const std::string split = listed_by(entry.path().filename().string());
    if (split.empty()) continue;
    const auto [there, is_new] = lists.try_emplace(split, entry.path());
    if (!is_new)
      throw Error("{} and {} both list the pictures of split {}; put one of them elsewhere",
                  std::min(there->second, entry.path()).string(), std::max(there->second, entry.path()).string(),
                  split);
  }
  return lists;
}

std::vector<std::string> read_split_list(const fs::path& file) {
  std::vector<std::string> images;
  std::unordered_map<std::string, size_t> seen;
  for (const std::string& line : support::read_lines(file)) {
    const std::string name = without_mark(line);
    images.push_back(name);
    const auto where = [&] { return fmt::format("{}, line {}", file.string(), images.size()); };
    if (name.empty()) throw Error("{}: an empty line where the name of an image was expected", where());
    // A name that leads out of images/ would also lead out of the cache of features.
    if (fs::path(name).filename() != name || name == "." || name == "..") {
      throw Error("{}: '{}' is not the name of a file in images/", where(), name);
    }
    const auto [earlier, is_new] = seen.try_emplace(name, images.size());
    if (!is_new) throw Error("{}: {} stands in line {} already", where(), name, earlier->second);
  }
  return images;
}

}  // namespace heed::caption
