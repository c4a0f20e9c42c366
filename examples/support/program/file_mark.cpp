#include "examples/support/program/file_mark.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "autograd/base/error.h"
#include "autograd/files/crc32c.h"
#include "examples/support/program/json_file.h"

namespace heed::support {
namespace {

constexpr size_t kLargest = size_t{1} << 30;

}  // namespace

void to_json(nlohmann::json& to, const FileMark& mark) {
  to = {{"bytes", mark.bytes}, {"crc32c", mark.crc32c}};
}

void from_json(const nlohmann::json& from, FileMark& mark) {
  from.at("bytes").get_to(mark.bytes);
  from.at("crc32c").get_to(mark.crc32c);
}

FileMark mark_of(std::string_view bytes) {
  return {bytes.size(), fmt::format("{:08x}", crc32c(bytes.data(), bytes.size()))};
}

FileMarks marks_of(const std::filesystem::path& folder, const std::vector<std::string>& names) {
  FileMarks marks;
  for (const std::string& name : names) marks[name] = mark_of(read_text_file(folder / name, kLargest));
  return marks;
}

void check_marks(const std::filesystem::path& folder, const FileMarks& marks, const std::string& by) {
  for (const auto& [name, mark] : marks) {
    const std::string path = (folder / name).string();
    if (!std::filesystem::exists(folder / name))
      throw Error("{} is gone, and {} cannot be used without it; put it back from a copy of the run", path,
                  by);
    const FileMark found = mark_of(read_text_file(folder / name, kLargest));
    if (found == mark) continue;
    throw Error(
        "{} was changed or damaged: it has {} bytes and the checksum {}, {} was made with {} bytes and {}; "
        "put the "
        "right file back from a copy of the run",
        path, found.bytes, found.crc32c, by, mark.bytes, mark.crc32c);
  }
}

}  // namespace heed::support
