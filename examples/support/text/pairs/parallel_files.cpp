#include "examples/support/text/pairs/parallel_files.h"

#include <algorithm>
#include <set>
#include <vector>

#include "autograd/base/error.h"
#include "examples/support/text/files/packed.h"
#include "examples/support/text/pairs/languages.h"

namespace heed::support {
namespace {

namespace fs = std::filesystem;

enum class Side { neither, source, target };

// What a file's name says: the side, and what it shares with the other side's.
struct SideName {
  std::string stem;
  Side side = Side::neither;
};

// "train.en.txt.gz" -> "train.en"
std::string bare_name(const fs::path& file) {
  std::string name = unpacked_name(file.filename().string());
  for (const char* ending : {".txt", ".tok"})
    if (name.ends_with(ending)) name.resize(name.size() - 4);
  return name;
}

Side side_of(const std::string& word, const std::string& source, const std::string& target) {
  if (same_language(word, source) || word == "src" || word == "source") return Side::source;
  if (same_language(word, target) || word == "tgt" || word == "trg" || word == "target") return Side::target;
  return Side::neither;
}

SideName read_name(const fs::path& file, const std::string& source, const std::string& target) {
  const std::string name = bare_name(file);
  for (const auto& [prefix, side] : {std::pair{"src-", Side::source}, {"tgt-", Side::target}})
    if (name.starts_with(prefix)) return {name.substr(4), side};
  const size_t end = name.find_last_of("._-");
  if (end == std::string::npos) return {"", side_of(name, source, target)};
  return {name.substr(0, end), side_of(name.substr(end + 1), source, target)};
}

// The files of a folder, sorted: of train.en and train.en.gz the first counts.
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder, unreadable))
    if (entry.is_regular_file(unreadable) && !entry.path().filename().string().starts_with('.'))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::map<std::string, FilePair> pairs_of_files(const fs::path& folder, const std::string& source,
                                               const std::string& target) {
  std::map<std::string, FilePair> pairs;
  for (const fs::path& file : files_in(folder)) {
    const SideName name = read_name(file, source, target);
    if (name.side == Side::neither) continue;
    fs::path& place = name.side == Side::source ? pairs[name.stem].source : pairs[name.stem].target;
    if (place.empty()) place = file;
  }
  std::erase_if(pairs, [](const auto& pair) { return pair.second.source.empty() || pair.second.target.empty(); });
  return pairs;
}

std::optional<FilePair> files_of_prefix(const fs::path& prefix, const std::string& source,
                                        const std::string& target) {
  const fs::path folder = prefix.has_parent_path() ? prefix.parent_path() : ".";
  const auto pairs = pairs_of_files(folder, source, target);
  for (const auto& [stem, files] : pairs)
    if (stem == prefix.filename().string() || fs::path(files.source).filename() == prefix.filename() ||
        fs::path(files.target).filename() == prefix.filename())
      return files;
  return std::nullopt;
}

std::string names_in(const fs::path& folder) {
  constexpr size_t shown = 8;
  const std::vector<fs::path> files = files_in(folder);
  std::string text;
  for (size_t i = 0; i < std::min(shown, files.size()); ++i) text += (i ? ", " : "") + files[i].filename().string();
  if (files.empty()) return "no file";
  return files.size() > shown ? fmt::format("{}, .. ({} more)", text, files.size() - shown) : text;
}

}  // namespace heed::support
