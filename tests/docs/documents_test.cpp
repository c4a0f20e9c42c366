// What the documents show is what the tests compile: each block of C++ in a document must stand, character
// for character, in one of the files of tests that belong to it.
#include <filesystem>
#include <regex>

#include "tests/catch.hpp"
#include "tests/docs/markdown.h"

namespace heed::docs {
namespace {

// `test`: a file, or a folder of files.
void compare(const std::string& document, const std::string& test, size_t at_least) {
  const std::filesystem::path root = HEED_SOURCE_DIR;
  std::string code = "\n";
  if (std::filesystem::is_directory(root / test))
    for (const auto& entry : std::filesystem::directory_iterator(root / test))
      code += contents(entry.path().lexically_relative(root).string()) + "\n";
  else code += contents(test);
  size_t shown = 0;
  for (const Block& block : blocks(contents(document))) {
    if (block.language != "cpp") continue;
    ++shown;
    INFO("this block of " << document << " does not stand in " << test << ":\n" << block.text);
    CHECK(code.find("\n" + block.text + "\n") != std::string::npos);
  }
  CHECK(shown >= at_least);  // or the blocks are not found at all
}

}  // namespace

TEST_CASE("the code of the documents is compiled", "[documents]") {
  compare("README.md", "tests/docs/readme_test.cpp", 1);
  compare("docs/extending.md", "tests/docs/extending", 15);
  compare("docs/operations.md", "tests/docs/operations_test.cpp", 6);
  compare("docs/derivatives.md", "tests/docs/derivatives_test.cpp", 7);
  compare("docs/files.md", "tests/docs/files_test.cpp", 5);
}

TEST_CASE("the list of operations names every header that declares some", "[documents]") {
  const std::string list = contents("docs/operations.md"), umbrella = contents("autograd/autograd.h");
  const std::regex header("#include \"(autograd/(?:zip|views|ops)/[^\"]+)\"");
  int found = 0;
  for (std::sregex_iterator at(umbrella.begin(), umbrella.end(), header), end; at != end; ++at, ++found) {
    INFO("docs/operations.md does not link to " << (*at)[1]);
    CHECK(list.find("(../" + (*at)[1].str() + ")") != std::string::npos);
  }
  CHECK(found > 15);  // or the headers are not found at all
}

}  // namespace heed::docs
