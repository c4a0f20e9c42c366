// Each floor of the library has one header that brings in all of it (autograd/autograd.h, nn/nn.h,
// optim/optim.h): every header of the floor must be included there, or be named among those left out.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "autograd/autograd.h"
#include "nn/nn.h"
#include "optim/optim.h"
#include "tests/catch.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path root = HEED_SOURCE_DIR;

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  INFO("reading " << path);
  REQUIRE(file);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Whether the text says "folder/name.h", or "folder/*" for all of a folder.
bool names(const std::string& text, const fs::path& header) {
  return text.find(header.string()) != std::string::npos ||
         text.find(header.parent_path().string() + "/*") != std::string::npos;
}

void check_floor(const std::string& floor, int at_least) {
  const fs::path umbrella = root / floor / (floor + ".h");
  const std::string text = text_of(umbrella);
  int headers = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / floor)) {
    if (entry.path().extension() != ".h" || entry.path() == umbrella) continue;
    ++headers;
    const fs::path header = entry.path().lexically_relative(root / floor);
    INFO(floor << "/" << header.string() << " is new: include it in " << floor << "/" << floor
               << ".h, or name it there among those left out");
    CHECK(names(text, header));
  }
  CHECK(headers >= at_least);  // or the headers are not found at all
}

}  // namespace

TEST_CASE("the header of a floor brings in all of it", "[documents]") {
  check_floor("autograd", 30);
  check_floor("nn", 20);
  check_floor("optim", 5);
}

TEST_CASE("heed's own sources include single headers", "[documents]") {
  for (const char* folder : {"autograd", "nn", "optim"})
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
      const std::string text = text_of(entry.path());
      for (const char* umbrella : {"autograd/autograd.h", "nn/nn.h", "optim/optim.h"}) {
        INFO(entry.path() << " includes " << umbrella);
        CHECK(text.find("#include \"" + std::string(umbrella) + "\"") == std::string::npos);
      }
    }
}
