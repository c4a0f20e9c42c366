#include "examples/support/text/text.h"

#include "autograd/base/error.h"

#include <string_view>

#include "examples/support/text/files/packed.h"

namespace heed::support {

std::string read_bytes(const std::filesystem::path& path) {
  std::error_code unused;
  if (!std::filesystem::exists(path, unused)) throw Error("no such file: {}", path.string());
  if (std::filesystem::is_directory(path, unused)) {
    throw Error("{} is a directory where a file was expected", path.string());
  }
  return read_unpacked(path);
}

std::vector<std::string> read_lines(const std::filesystem::path& path) {
  const std::string bytes = read_bytes(path);
  std::string_view rest = bytes;
  if (rest.substr(0, 3) == "\xEF\xBB\xBF") rest.remove_prefix(3);
  if (rest.empty()) throw Error("{} is empty: at least one line of text was expected", path.string());
  std::vector<std::string> lines;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (const auto at = invalid_utf8(line)) {
      throw Error("{}, line {}, byte {}: 0x{:02x} is not valid UTF-8; convert the file, for instance with iconv",
                  path.string(), lines.size() + 1, *at + 1, static_cast<unsigned char>(line[*at]));
    }
    lines.emplace_back(line);
  }
  return lines;
}

}  // namespace heed::support
