#include "examples/support/program/file_mark.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "autograd/base/error.h"
#include "autograd/files/crc32c.h"
#include "examples/support/program/json_file.h"

namespace heed::support {
namespace {

using nlohmann::json;

constexpr size_t kLargest = size_t{1} << 30;

FileMark mark_from(const json& from, const std::string& origin) {
  const auto holds = [&](const char* key, bool (json::*is_kind)() const noexcept) {
    return from.contains(key) && (from[key].*is_kind)();
  };
  if (!holds("bytes", &json::is_number_unsigned) || !holds("crc32c", &json::is_string))
    throw Error("{}: {} is no checksum of a file; an object with \"bytes\" and \"crc32c\" was expected", origin,
                json_line(from).substr(0, 80));
  return {from["bytes"].get<size_t>(), from["crc32c"].get<std::string>()};
}

// Another folder's files, or a device, are none of a checkpoint's business.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && std::filesystem::path(name).filename() == name;
}

}  // namespace

void to_json(nlohmann::json& to, const FileMark& mark) { to = {{"bytes", mark.bytes}, {"crc32c", mark.crc32c}}; }

FileMark read_mark(std::string_view text, const std::string& origin) {
  return mark_from(parse_json(text, origin), origin);
}

FileMarks read_marks(std::string_view text, const std::string& origin) {
  const json from = parse_json(text, origin);
  if (!from.is_object()) throw Error("{}: an object with the checksums of files was expected", origin);
  FileMarks marks;
  for (const auto& [name, mark] : from.items()) {
    if (!is_plain_name(name)) throw Error("{}: '{}' is not the name of a file of the run", origin, name);
    marks[name] = mark_from(mark, origin);
  }
  return marks;
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
      throw Error("{} is gone, and {} cannot be used without it; put it back from a copy of the run", path, by);
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
