#include "examples/support/text/text.h"

#include "autograd/base/error.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>

#include "examples/support/process/memory_left.h"

namespace heed::support {

namespace {

// A block more of what a file holds. That may be a thousand times as much as its size says, if it is packed,
// and without end, if it is a device: so whether there is room is asked each time that the text is about to
// be moved to a larger one.
void append_block(std::string& bytes, std::string_view block, const std::filesystem::path& path) {
  if (bytes.size() + block.size() > bytes.capacity()) {
    const int64_t left = memory_left(), wanted = 2 * static_cast<int64_t>(bytes.capacity() + block.size());
    if (wanted > left)
      throw Error("cannot read {}: it holds more than {} MB of text, and there is memory for {} MB more; give a part of it",
                  path.string(), bytes.size() >> 20, left >> 20);
  }
  bytes += block;
}

std::string read_gzip(const std::filesystem::path& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose_r);
  if (!file) throw Error("cannot open {}: {}", path.string(), std::strerror(errno));
  std::string bytes;
  std::vector<char> buffer(1 << 16);
  int count = 0;
  while ((count = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
    append_block(bytes, {buffer.data(), static_cast<size_t>(count)}, path);
  }
  int code = Z_OK;
  const std::string reason = gzerror(file.get(), &code);
  if (count < 0 || code != Z_OK) {
    throw Error("cannot unpack {}: {} after {} bytes of text; the file is cut or damaged, fetch it again",
                path.string(), reason, bytes.size());
  }
  if (!bytes.empty() && gzdirect(file.get()) != 0) {
    throw Error("cannot unpack {}: its name ends in .gz but it is not a gzip file", path.string());
  }
  return bytes;
}

std::string read_plain(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error("cannot open {}: {}", path.string(), std::strerror(errno));
  std::string bytes;
  std::vector<char> buffer(1 << 16);
  do {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    append_block(bytes, {buffer.data(), static_cast<size_t>(file.gcount())}, path);
  } while (file);
  if (file.bad()) throw Error("cannot read {}: {}", path.string(), std::strerror(errno));
  return bytes;
}

}  // namespace

std::string read_bytes(const std::filesystem::path& path) {
  std::error_code unused;
  if (!std::filesystem::exists(path, unused)) throw Error("no such file: {}", path.string());
  if (std::filesystem::is_directory(path, unused)) {
    throw Error("{} is a directory where a file was expected", path.string());
  }
  return path.extension() == ".gz" ? read_gzip(path) : read_plain(path);
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
      throw Error(
          "{}, line {}, byte {}: 0x{:02x} is not valid UTF-8; convert the file, for instance with iconv",
          path.string(), lines.size() + 1, *at + 1, static_cast<unsigned char>(line[*at]));
    }
    lines.emplace_back(line);
  }
  return lines;
}

}  // namespace heed::support
