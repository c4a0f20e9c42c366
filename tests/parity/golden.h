// Where the cases stand: a folder with a file for each (the format that parity.h describes), or one file that
// holds them all, as make_golden.py writes it: tensor T of case C is called "C/T", and the metadata have an
// entry C, {"op": .., "attrs": {..}}.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "autograd/files/safetensors.h"

namespace heed::parity {

// A case as it is stored. Either it has tensors, with "op", "group" and "attrs" in the metadata, or it is a
// text of JSON, {"cases": [..]}: corpora of sentences and their BLEU. The other function is empty.
struct Golden {
  std::string name;  // "elementwise__add_row", "metrics__bleu"
  std::function<TensorFile()> tensors;
  std::function<std::string()> sentences;

  std::string group() const { return name.substr(0, name.find("__")); }
};

// All cases under `path`, sorted by name. Of a folder, a file is read when its case is asked for. Throws if
// `path` is neither a folder nor such a file.
std::vector<Golden> golden_cases(const std::filesystem::path& path);

}  // namespace heed::parity
