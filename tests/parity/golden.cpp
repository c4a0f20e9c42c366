#include "tests/parity/golden.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

namespace heed::parity {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  if (!(text << file.rdbuf())) throw Error("{} cannot be read", path.string());
  return text.str();
}

std::vector<Golden> cases_of_folder(const fs::path& folder) {
  std::vector<Golden> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path path = entry.path();
    Golden golden{path.stem().string(), nullptr, nullptr};
    if (path.extension() == ".safetensors") golden.tensors = [path] { return load_tensors(path); };
    else if (path.extension() == ".json" && golden.group() == "metrics")
      golden.sentences = [path] { return text_of(path); };
    if (golden.tensors || golden.sentences) found.push_back(std::move(golden));
  }
  return found;
}

// A case from its entry in the metadata and its tensors.
Golden golden_of(const std::string& name, const std::string& entry, std::map<std::string, Tensor> tensors) {
  Golden golden{name, nullptr, nullptr};
  const Json json = Json::parse(entry);
  if (json.contains("cases")) {
    golden.sentences = [entry] { return entry; };
  } else {
    std::map<std::string, std::string> metadata = {
        {"op", json.at("op").get<std::string>()}, {"group", golden.group()}, {"attrs", json.at("attrs").dump()}};
    golden.tensors = [file = TensorFile{std::move(tensors), std::move(metadata)}] { return file; };
  }
  return golden;
}

std::vector<Golden> cases_of_file(const fs::path& path) {
  const TensorFile all = load_tensors(path);
  std::map<std::string, std::map<std::string, Tensor>> tensors;  // of each case
  for (const auto& [name, tensor] : all.tensors) {
    const size_t slash = name.find('/');
    if (slash == std::string::npos)
      throw Error("{}: tensor {} belongs to no case, its name has no slash", path.string(), name);
    tensors[name.substr(0, slash)].emplace(name.substr(slash + 1), tensor);
  }
  std::vector<Golden> found;
  for (const auto& [name, entry] : all.metadata) {
    if (name.find("__") == std::string::npos) continue;  // of the file itself: who wrote it, from which seed
    found.push_back(golden_of(name, entry, std::move(tensors[name])));
    tensors.erase(name);
  }
  if (!tensors.empty()) throw Error("{}: its metadata lack the case {}", path.string(), tensors.begin()->first);
  return found;
}

}  // namespace

std::vector<Golden> golden_cases(const fs::path& path) {
  if (!fs::exists(path)) throw Error("there are no golden values at {}", path.string());
  std::vector<Golden> found = fs::is_directory(path) ? cases_of_folder(path) : cases_of_file(path);
  std::sort(found.begin(), found.end(), [](const Golden& a, const Golden& b) { return a.name < b.name; });
  return found;
}

}  // namespace heed::parity
