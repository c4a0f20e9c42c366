// Where tests find inputs that are too large for the repository; they skip themselves when these are absent.
#pragma once

#include "tests/catch.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace heed::tests {

// A file or directory below HEED_DATA, or below ../shared/data beside the source tree. Says so when
// it is not there.
inline std::optional<std::filesystem::path> find_data(const std::string& name) {
  const char* from_environment = std::getenv("HEED_DATA");
  const std::filesystem::path root =
      from_environment ? from_environment : std::filesystem::path(HEED_SOURCE_DIR) / "../shared/data";
  if (std::filesystem::exists(root / name)) return root / name;
  WARN("skipped: " << name << " is not there (set HEED_DATA to the directory of data)");
  return std::nullopt;
}

// A directory of its own for each test, removed at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "heed-test-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()));
    path_ = pattern;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }
  std::string string() const { return path_.string(); }

  std::filesystem::path write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace heed::tests
