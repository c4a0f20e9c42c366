// Where things are to be found: a source bears the name of its header, which declares what it defines.
#include <map>

#include "tests/catch.hpp"
#include "tests/house/sources.h"

namespace heed::house {
namespace {

const std::vector<std::string> kFolders = {"autograd", "nn", "optim", "examples/support"};

// The one exception that stays: the tape declares Tape::gradients, and only the backward pass, which stands above
// it, can define it.
const std::set<std::string> kWalk = {"autograd/backward/gradients.cpp", "autograd/tape/tape.h: gradients",
                                     "autograd/tape/tape.h: walk"};

const std::set<std::string> kDefinedElsewhere = {"autograd/base/tensor.h: operator []"};

// Whether a declaration wants no definition: = 0, = default, = delete, a deduction guide, a constraint. What the
// source says with "= default" ctags does not see either, so destructors are left out.
bool complete(const Source& header, int line) {
  std::string text;
  for (size_t i = static_cast<size_t>(line) - 1; i < header.lines.size(); ++i) {
    const std::string& next = header.lines[i];
    text += next.substr(0, next.find("//"));
    if (text.find(';') != std::string::npos) break;
  }
  for (const char* end : {"= 0;", "= default;", "= delete;", ") -> ", "requires requires", "~"})
    if (text.find(end) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("a source bears the name of its header", "[house]") {
  std::set<std::string> headers, without;
  for (const Source& header : sources(kFolders, {".h"})) headers.insert(header.stem());
  for (const Source& source : sources(kFolders, {".cpp"}))
    if (!headers.count(source.stem()) && !kWalk.count(source.path)) without.insert(source.path);
  compare_with_known("a source without a header of its name", without, {});
}

TEST_CASE("what a header declares is defined in its own source, or in itself", "[house]") {
  const auto all = functions(kFolders);
  if (!all) {
    WARN("not checked: universal-ctags is not installed");
    return;
  }
  std::map<std::string, Source> headers;
  for (const Source& header : sources(kFolders, {".h"})) headers.emplace(header.path, header);
  std::set<std::string> defined, elsewhere;  // "autograd/base/tensor detach"
  for (const Function& f : *all)
    if (f.defined) defined.insert(Source{f.path, {}}.stem() + " " + f.name);
  CHECK(defined.size() > 500);  // or the table of ctags was not understood
  for (const Function& f : *all) {
    const auto header = headers.find(f.path);
    if (f.defined || header == headers.end() || complete(header->second, f.first_line)) continue;
    const std::string place = f.path + ": " + f.name;
    if (!defined.count(header->second.stem() + " " + f.name) && !kWalk.count(place)) elsewhere.insert(place);
  }
  compare_with_known("declared here, defined in another source", elsewhere, kDefinedElsewhere);
}

// A closed stream, a full disk under a log or a reader that went away must not end the work: printing throws.
TEST_CASE("what a program says on stderr is said by inform()", "[house]") {
  std::set<std::string> throwing;
  const std::vector<std::string> programs = {"examples/support", "examples/translate", "examples/caption"};
  for (const Source& source : sources(programs, {".h", ".cpp"}))
    for (const std::string& line : source.lines)
      if (line.find("fmt::print(stderr") != std::string::npos || line.find("cerr <<") != std::string::npos)
        throwing.insert(source.path);
  compare_with_known("prints on stderr", throwing, {});
}

}  // namespace heed::house
