#include "examples/caption/data/forms/split_folder.h"

#include <algorithm>

#include "autograd/base/error.h"
#include "examples/caption/data/forms/split_lists.h"

namespace heed::caption {
namespace {

namespace fs = std::filesystem;

std::string split_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

fs::path find_captions(const fs::path& folder, const std::string& split, const fs::path& given) {
  if (!given.empty()) return given;
  const fs::path usual = folder / ("captions." + split + ".tsv");
  if (fs::is_regular_file(usual)) return usual;
  throw Error(
      "split '{}' has no captions: there is no {}; put them there, in rows of image, number and caption, "
      "with a tab "
      "between ('caption eval' takes another file, too, by --captions)",
      split, usual.string());
}

}  // namespace

fs::path SplitFolder::list_of(const std::string& split) const { return folder_ / ("split." + split + ".txt"); }

std::vector<std::string> SplitFolder::splits() const {
  std::vector<std::string> names;
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder_, unreadable)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("split.") && name.ends_with(".txt") && name.size() > 10)
      names.push_back(name.substr(6, name.size() - 10));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> SplitFolder::images(const std::string& split) const {
  const fs::path list = list_of(split);
  if (!fs::is_regular_file(list)) {
    throw Error("{} has no split '{}': {} is not there; splits: {}", folder_.string(), split,
                list.filename().string(), split_names(splits()));
  }
  return read_split_list(list);
}

CaptionedImages SplitFolder::load(const std::string& split, const fs::path& captions_file,
                                  support::TextForm form) const {
  CaptionedImages result;
  result.images = images(split);
  const fs::path list = list_of(split), file = find_captions(folder_, split, captions_file);
  for (auto& captions : read_captions(file, result.images, list.string())) {
    result.captions.push_back(with_words(std::move(captions), form, result.dropped));
    if (!result.captions.back().empty()) continue;
    const size_t number = result.captions.size();
    throw Error("{}, line {}: {} has no caption with a word in it in {}", list.string(), number,
                result.images[number - 1], file.string());
  }
  return result;
}

std::string SplitFolder::summary() const {
  std::string counts;
  for (const std::string& split : splits()) {
    std::string count = "?";  // who asks for that split is told why
    try {
      count = std::to_string(images(split).size());
    } catch (const Error&) {
    }
    counts += (counts.empty() ? "" : " / ") + count;
  }
  return fmt::format("{} pictures ({})", counts, split_names(splits()));
}

}  // namespace heed::caption
