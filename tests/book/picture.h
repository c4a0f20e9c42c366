// The pictures of the book that heed draws itself. With HEED_PICTURES=FOLDER they are drawn there.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/catch.hpp"
#include "tests/docs/markdown.h"

namespace heed::book {

inline void compare_picture(const std::string& name, const std::string& picture) {
  if (const char* folder = std::getenv("HEED_PICTURES")) std::ofstream(std::string(folder) + "/" + name) << picture;
  INFO(name << " is not what is drawn");
  CHECK(docs::contents("docs/book/pictures/" + name) == picture);
}

}  // namespace heed::book
