// What a reader can hold in the head: the sizes of files, functions and folders, and a README.md in each folder.
#include <algorithm>
#include <filesystem>
#include <regex>

#include "tests/catch.hpp"
#include "tests/house/sources.h"

namespace heed::house {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLinesOfFile = 300, kFilesOfFolder = 22;
constexpr int kLinesOfFunction = 40;

const std::vector<std::string> kEverything = {"autograd", "nn", "optim", "examples", "bench", "tests"};

const std::set<std::string> kLongFiles = {};
const std::set<std::string> kLongFunctions = {};
const std::set<std::string> kFullFolders = {};

const std::vector<std::string> kCode = {".h", ".cpp", ".hpp", ".py", ".js", ".css", ".html", ".cmake", ".sh", ".txt"};

// A table of data, not to be read from its beginning to its end.
bool is_table(const std::string& path) { return path == "tests/faults/faults.txt"; }

// The folders whose README.md is wanted: all with code in or below them. Of the tests only those that do not just
// mirror a folder of the sources.
std::vector<std::string> folders_with_readme() {
  std::set<std::string> with_code = {"bench",           "tests",       "tests/faults",
                                     "tests/gradients", "tests/house", "tests/parity"};
  for (const Source& source : sources({"autograd", "nn", "optim", "examples"}, {".h", ".cpp", ".js"}))
    for (std::string folder = source.folder();; folder = folder.substr(0, folder.rfind('/'))) {
      with_code.insert(folder);
      if (folder.find('/') == std::string::npos) break;
    }
  return {with_code.begin(), with_code.end()};
}

}  // namespace

TEST_CASE("no file is longer than 300 lines", "[house]") {
  std::set<std::string> broken;
  std::vector<Source> files = sources(kEverything, kCode);
  files.push_back(source_at("run"));
  for (const Source& source : files)
    if (source.lines.size() > kLinesOfFile && !is_table(source.path)) broken.insert(source.path);
  compare_with_known("a file of more than 300 lines", broken, kLongFiles);
}

TEST_CASE("no function is longer than 40 lines", "[house]") {
  const auto all = functions(kEverything);
  if (!all) {
    WARN("not checked: universal-ctags is not installed");
    return;
  }
  std::set<std::string> broken;
  int longest = 0;
  for (const Function& f : *all) {
    if (!f.defined) continue;
    const int lines = f.last_line - f.first_line + 1;
    longest = std::max(longest, lines);
    if (lines > kLinesOfFunction) broken.insert(f.path + ": " + f.name);
  }
  CHECK(longest > kLinesOfFunction / 2);  // or the table of ctags was not understood
  compare_with_known("a function of more than 40 lines", broken, kLongFunctions);
}

TEST_CASE("no folder has more than 22 files", "[house]") {
  std::set<std::string> broken;
  for (const std::string& folder : folders_under(kEverything)) {
    const fs::directory_iterator entries(fs::path(HEED_SOURCE_DIR) / folder);
    const auto files = std::count_if(begin(entries), end(entries), [](const auto& e) { return e.is_regular_file(); });
    if (static_cast<size_t>(files) > kFilesOfFolder) broken.insert(folder);
  }
  compare_with_known("a folder of more than 22 files", broken, kFullFolders);
}

TEST_CASE("each folder opens with a README.md of 5 to 15 lines", "[house]") {
  const std::vector<Source> readmes = sources(kEverything, {".md"});
  for (const std::string& folder : folders_with_readme()) {
    INFO(folder << "/README.md: what is here, in which order to read, what it may include, in 5 to 15 lines");
    const auto readme = std::find_if(readmes.begin(), readmes.end(),
                                     [&](const Source& s) { return s.path == folder + "/README.md"; });
    const bool found = readme != readmes.end();
    CHECK(found);
    if (found) CHECK((readme->lines.size() >= 5 && readme->lines.size() <= 15));
  }
}

TEST_CASE("the files that a README.md names are there", "[house]") {
  const fs::path root = HEED_SOURCE_DIR;
  const std::regex named("`([\\w./]+\\.(?:h|hpp|cpp|py|js|css|html|cmake|sh|txt|md|safetensors))`");
  size_t count = 0;
  for (const Source& readme : sources(kEverything, {".md"}))
    for (const std::string& line : readme.lines)
      for (std::sregex_iterator at(line.begin(), line.end(), named), end; at != end; ++at, ++count) {
        INFO(readme.path << " names " << (*at)[1]);
        CHECK(fs::exists(root / readme.folder() / (*at)[1].str()));
      }
  CHECK(count > 100);  // or the names were not found at all
}

}  // namespace heed::house
