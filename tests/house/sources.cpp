#include "tests/house/sources.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "tests/catch.hpp"

namespace heed::house {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = HEED_SOURCE_DIR;

std::string from_root(const fs::path& path) { return path.lexically_relative(kRoot).generic_string(); }

bool made_by_a_tool(const fs::path& path) { return path.filename() == "__pycache__"; }

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream file(path);
  INFO("reading " << path);
  REQUIRE(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(std::move(line));
  return lines;
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  if (!pipe) return text;
  std::vector<char> buffer(1 << 16);
  while (const size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) text.append(buffer.data(), n);
  return text;
}

// A line of ctags' table: the name, the file, a pattern that ends in ;", the kind, and fields "line:12".
std::optional<Function> function_of(const std::string& line) {
  const size_t pattern = line.find("\t/^"), end = line.rfind(";\"\t");
  if (pattern == std::string::npos || end == std::string::npos) return {};
  const size_t tab = line.find('\t');
  Function function{line.substr(0, tab), line.substr(tab + 1, pattern - tab - 1), 0, 0, false};
  if (function.name.rfind("__anon", 0) == 0) return {};
  std::istringstream fields(line.substr(end + 3));
  std::string field;
  std::getline(fields, field, '\t');
  function.defined = field == "f";
  while (std::getline(fields, field, '\t')) {
    if (field.rfind("line:", 0) == 0) function.first_line = std::stoi(field.substr(5));
    if (field.rfind("end:", 0) == 0) function.last_line = std::stoi(field.substr(4));
  }
  return function;
}

}  // namespace

std::vector<std::string> folders_under(const std::vector<std::string>& folders) {
  std::vector<std::string> found;
  for (const std::string& folder : folders) {
    found.push_back(folder);
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder))
      if (entry.is_directory() && !made_by_a_tool(entry.path())) found.push_back(from_root(entry.path()));
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<Source> sources(const std::vector<std::string>& folders, const std::vector<std::string>& endings) {
  std::vector<Source> found;
  for (const std::string& folder : folders_under(folders))
    for (const auto& entry : fs::directory_iterator(kRoot / folder)) {
      const std::string ending = entry.path().extension().string();
      if (!entry.is_regular_file()) continue;
      if (!endings.empty() && std::find(endings.begin(), endings.end(), ending) == endings.end()) continue;
      found.push_back({from_root(entry.path()), lines_of(entry.path())});
    }
  std::sort(found.begin(), found.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return found;
}

Source source_at(const std::string& path) { return {path, lines_of(kRoot / path)}; }

std::optional<std::vector<Function>> functions(const std::vector<std::string>& folders) {
  if (output_of("ctags --version 2>/dev/null").find("Universal Ctags") == std::string::npos) return {};
  std::string command =
      "cd '" + kRoot.string() + "' && ctags --languages=C++ --langmap=C++:.h.cpp --kinds-C++=pf --fields=+ne -R -f -";
  for (const std::string& folder : folders) command += " " + folder;
  std::vector<Function> found;
  std::istringstream table(output_of(command));
  for (std::string line; std::getline(table, line);)
    if (const auto function = function_of(line)) found.push_back(*function);
  return found;
}

void compare_with_known(const std::string& rule, const std::set<std::string>& broken,
                        const std::set<std::string>& known) {
  for (const std::string& place : broken) {
    INFO(rule << ": " << place);
    CHECK(known.count(place) == 1);
  }
  for (const std::string& place : known) {
    INFO("the rule holds by now, take this out of the known exceptions: " << place);
    CHECK(broken.count(place) == 1);
  }
}

}  // namespace heed::house
