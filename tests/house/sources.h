// What the tests of the house look at: the files of the repository, and what universal-ctags knows of them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace heed::house {

struct Source {
  std::string path;  // from the root of the repository: "autograd/base/tensor.h"
  std::vector<std::string> lines;

  std::string folder() const { return path.substr(0, path.rfind('/')); }
  std::string stem() const { return path.substr(0, path.rfind('.')); }  // "autograd/base/tensor"
};

// All files under these folders, sorted by path; with one of these endings, if any are given.
std::vector<Source> sources(const std::vector<std::string>& folders, const std::vector<std::string>& endings = {});

// The one file.
Source source_at(const std::string& path);

// All folders under these, themselves included.
std::vector<std::string> folders_under(const std::vector<std::string>& folders);

// A function of the C++ sources, as it is declared or defined somewhere.
struct Function {
  std::string name, path;
  int first_line = 0, last_line = 0;
  bool defined = false;
};

// All functions under these folders, without lambdas. Nothing where universal-ctags is not installed.
std::optional<std::vector<Function>> functions(const std::vector<std::string>& folders);

// Fails for each place where a rule is broken that is not among the known ones, and for each known one where
// the rule holds by now.
void compare_with_known(const std::string& rule, const std::set<std::string>& broken,
                        const std::set<std::string>& known);

}  // namespace heed::house
