// The small files of weights, which make_weights.py has made and the fuzzer begins with.
#pragma once

#include <filesystem>
#include <string>

#include "tests/examples/data_path.h"
#include "tests/examples/program.h"

namespace heed::tests {

inline std::filesystem::path weights_seed(const std::string& name, const std::string& reader = "weights") {
  return std::filesystem::path(HEED_SOURCE_DIR) / "tests/campaign/fuzz/seeds" / reader / name;
}

}  // namespace heed::tests
