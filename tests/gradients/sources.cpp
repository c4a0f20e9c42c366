#include "tests/gradients/sources.h"

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "autograd/base/error.h"

namespace heed::gradients {
namespace {

// Functions that record under a name that they were given; their callers say the name.
struct Forwarder {
  const char* file;
  const char* variable;  // what stands in its call of record()
  const char* callers;   // how it is called, up to the name
};
constexpr Forwarder kForwarders[] = {
    {"zip.h", "name", R"(\bzip\w*\(\s*)"},
    {"zip.cpp", "name", R"(\bapply\(\s*)"},
    {"zip.cpp", "name", R"(\bappend\(node, )"},
    {"softmax.cpp", "name", R"(\brecord_softmax\(\s*)"},
    {"indexing.cpp", "name", R"(\btake_slices\(\s*)"},
    {"extrema.cpp", "name", R"(\bextreme(?:_along)?<\w+>\(\s*)"},
    {"pooling.cpp", "windows.name", R"(\baverage\(x, \{)"},
};

// Headers that hold no operation: the machinery under them, and weights to start from.
const std::set<std::string> kNoOperations = {"zip.h", "record.h", "axis_set.h", "init.h", "view_gradients.h"};

std::string read_code(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return std::regex_replace(text.str(), std::regex("//[^\n]*"), "");
}

// All matches of the first group.
std::set<std::string> matches(const std::string& code, const std::string& pattern) {
  std::set<std::string> found;
  const std::regex regex(pattern, std::regex::multiline);
  for (std::sregex_iterator at(code.begin(), code.end(), regex), end; at != end; ++at) found.insert((*at)[1]);
  return found;
}

const std::string kLiteral = R"re("([^"]+)")re";

void read_names(const std::string& file, const std::string& code, InSources& found) {
  for (const std::string& name : matches(code, R"(\brecord(?:_view)?\(\s*)" + kLiteral))
    found.recorded.emplace(name, file);
  for (const Forwarder& forwarder : kForwarders)
    for (const std::string& name : matches(code, forwarder.callers + kLiteral))
      found.recorded.emplace(name, file);
  if (file == "record.h") return;  // the definition of record()
  for (const std::string& variable :
       matches(code, R"(\brecord(?!ed|ing)\w*(?:<[^>(]*>)?\(\s*([A-Za-z_][\w.]*)\s*,)")) {
    bool known = false;
    for (const Forwarder& forwarder : kForwarders)
      known |= file == forwarder.file && variable == forwarder.variable;
    if (!known) found.unread.insert(file + ": record(" + variable + ", ..)");
  }
}

// Functions at the left margin that give tensors; structs with a call operator.
void read_callables(const std::string& file, const std::string& code, InSources& found) {
  const std::string results = R"((?:Tensor|Packed|\w+Result|std::(?:pair|array|vector)<Tensor[^>]*>))";
  for (const std::string& name : matches(code, "^(?:inline )?" + results + R"( (\w+)\()"))
    found.callable.emplace(name, file);
  std::istringstream lines(code);
  std::string name;
  for (std::string line; std::getline(lines, line);) {
    std::smatch start;
    if (std::regex_search(line, start, std::regex(R"(^struct (\w+))"))) name = start[1];
    if (line.rfind("};", 0) == 0) name.clear();
    if (!name.empty() && line.find("operator()(") != std::string::npos) found.callable.emplace(name, file);
  }
}

}  // namespace

InSources read_sources(const std::string& root) {
  InSources found;
  for (const char* floor : {"autograd", "nn"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(std::filesystem::path(root) / floor)) {
      const std::string file = entry.path().filename().string(),
                        extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cpp") continue;
      const std::string code = read_code(entry.path());
      read_names(file, code, found);
      if (extension == ".h" && !kNoOperations.count(file)) read_callables(file, code, found);
    }
  if (found.recorded.empty()) throw Error("no operation was found under {}", root);
  return found;
}

}  // namespace heed::gradients
