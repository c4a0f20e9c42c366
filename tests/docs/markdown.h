// Documents as the tests read them: their text, and the blocks of code in it.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/catch.hpp"

namespace heed::docs {

// A file of the sources, by its path from their root.
inline std::string contents(const std::string& path) {
  std::ifstream file(std::string(HEED_SOURCE_DIR) + "/" + path);
  INFO("reading " << path);
  REQUIRE(file);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// What stands between ``` and ```.
struct Block {
  std::string language, of;  // "cpp", "nn/nn.h" of ```cpp nn/nn.h
  std::string text;          // without the last end of line
};

inline std::vector<Block> blocks(const std::string& markdown) {
  std::vector<Block> found;
  std::istringstream lines(markdown);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("```", 0) != 0) {
      if (inside) found.back().text += (found.back().text.empty() ? "" : "\n") + line;
    } else if (inside = !inside; inside) {
      std::istringstream words(line.substr(3));
      words >> found.emplace_back().language;
      std::getline(words >> std::ws, found.back().of);
    }
  }
  REQUIRE(!inside);  // the last block is closed
  return found;
}

}  // namespace heed::docs
