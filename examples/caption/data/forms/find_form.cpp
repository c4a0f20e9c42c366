#include "examples/caption/data/forms/find_form.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>

#include "autograd/base/error.h"
#include "examples/caption/data/forms/album.h"
#include "examples/caption/data/picture_files.h"
#include "examples/support/text/text.h"

namespace heed::caption {
namespace {

namespace fs = std::filesystem;

constexpr size_t head_size = size_t{1} << 16;
constexpr const char* endings[] = {".txt", ".csv", ".tsv", ".json", ".token"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A file's name with * in place of the first word in it that is a split's, and that split: "captions_val.csv"
// is "captions_*.csv" and dev.
std::pair<std::string, std::string> cut_split(const std::string& name) {
  for (size_t begin = 0; begin < name.size(); ++begin) {
    if (!is_letter(name[begin])) continue;
    size_t end = begin;
    while (end < name.size() && is_letter(name[end])) ++end;
    const std::string split = usual_split(name.substr(begin, end - begin));
    if (split == "train" || split == "dev" || split == "test")
      return {name.substr(0, begin) + "*" + name.substr(end), split};
    begin = end;
  }
  return {name, ""};
}

// Of a packed file the whole is read for it, so only of one that was given.
std::string head_of(const fs::path& file) {
  if (file.extension() == ".gz") return support::read_bytes(file).substr(0, head_size);
  std::string head(head_size, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
  if (head.starts_with("\xEF\xBB\xBF")) head.erase(0, 3);
  return head;
}

bool may_hold_captions(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return false;
  return std::find(std::begin(endings), std::end(endings), file.extension()) != std::end(endings);
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (may_hold_captions(entry.path())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// Those of a form, by their names without the split.
std::map<std::string, FoundForm> groups_of(const CaptionFormChoice& form, const std::vector<fs::path>& files,
                                           const std::vector<std::string>& heads, const fs::path& given) {
  std::map<std::string, FoundForm> groups;
  for (size_t i = 0; i < files.size(); ++i) {
    if (!form.make.fits({files[i], heads[i], !given.empty()})) continue;
    const auto [name, split] = cut_split(files[i].filename().string());
    if (!given.empty() && name != cut_split(given.filename().string()).first) continue;
    FoundForm& group = groups[name];
    group.form = &form;
    group.files.emplace_back(split, files[i]);
  }
  for (auto& [name, group] : groups)
    if (group.files.size() == 1) group.files[0].first = "";
  return groups;
}

// The files of the first form that fits, if any.
FoundForm form_of(const std::vector<fs::path>& files, const fs::path& given) {
  std::vector<std::string> heads;
  for (const fs::path& file : files) heads.push_back(head_of(file));
  for (const CaptionFormChoice& form : caption_forms()) {
    const auto groups = groups_of(form, files, heads, given);
    if (groups.empty()) continue;
    if (groups.size() == 1) return groups.begin()->second;
    std::string names;
    for (const auto& [name, group] : groups) names += (names.empty() ? "" : ", ") + group.files[0].second.string();
    throw Error("there are several files of captions, each in the form of {}: {}. Give the one to read: --data FILE",
                form.name, names);
  }
  return {};
}

// Files that have the given one's name but for the split, and itself.
std::vector<fs::path> relatives_of(const fs::path& given) {
  std::vector<fs::path> files;
  const auto [name, split] = cut_split(given.filename().string());
  if (!split.empty())
    for (const fs::path& file : files_in(given.has_parent_path() ? given.parent_path() : "."))
      if (file.filename() != given.filename() && cut_split(file.filename().string()).first == name)
        files.push_back(file);
  files.push_back(given);
  std::sort(files.begin(), files.end());
  return files;
}

[[noreturn]] void no_form(const fs::path& data, const std::vector<fs::path>& looked) {
  std::string names;
  for (size_t i = 0; i < looked.size() && i < 10; ++i) names += (i ? ", " : "") + looked[i].filename().string();
  throw Error(
      "{}: there are no captions in a form that heed reads (looked at: {}). It reads, as a folder or as the "
      "file itself,\n{}The simplest is a file captions.csv: the line image,caption and then a line for each "
      "caption. For captions of pictures by a trained run: caption show --run RUN --image {}",
      data.string(), names.empty() ? "no file of text" : names, caption_forms_help(), data.string());
}

}  // namespace

FoundForm find_form(const fs::path& data) {
  if (!fs::exists(data)) throw Error("{}: there is no such folder or file of captions", data.string());
  if (!fs::is_directory(data)) {
    if (!std::ifstream(data)) throw Error("cannot read {}: {}", data.string(), std::strerror(errno));
    const FoundForm found = form_of(relatives_of(data), data);
    if (!found.form) no_form(data, {data});
    return found;
  }
  std::vector<fs::path> looked = files_in(data);
  if (FoundForm found = form_of(looked, {}); found.form) return found;
  std::vector<fs::path> folders;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(data, ignored))
    if (entry.is_directory(ignored)) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  std::vector<fs::path> inner;
  for (const fs::path& folder : folders) {
    const std::vector<fs::path> files = files_in(folder);
    inner.insert(inner.end(), files.begin(), files.end());
  }
  if (FoundForm found = form_of(inner, {}); found.form) return found;
  looked.insert(looked.end(), inner.begin(), inner.end());
  no_form(data, looked);
}

}  // namespace heed::caption
