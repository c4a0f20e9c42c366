#include "examples/support/images/image_read.h"

#include <fmt/format.h>

#include "autograd/base/error.h"
#include "autograd/files/crc32c.h"
#include "examples/support/images/image_gif.h"
#include "examples/support/images/image_jpeg.h"
#include "examples/support/images/image_png.h"
#include "examples/support/images/image_webp.h"
#include "examples/support/images/orientation.h"
#include "examples/support/program/json_file.h"

namespace heed::support {
namespace {

constexpr size_t kLargestFile = size_t{256} << 20;

bool begins(std::string_view bytes, std::string_view magic) { return bytes.substr(0, magic.size()) == magic; }

std::string first_bytes(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes.substr(0, 8)) text += fmt::format(" {:02x}", static_cast<uint8_t>(byte));
  return text;
}

}  // namespace

Image decode_image(std::string_view bytes, const std::string& name) {
  if (bytes.empty()) throw Error("{}: the file is empty; it was perhaps never fetched whole", name);
  if (begins(bytes, "\xff\xd8\xff")) return upright(decode_jpeg(bytes, name), orientation_of(bytes));
  if (begins(bytes, "\x89PNG\r\n\x1a\n")) return upright(decode_png(bytes, name), orientation_of(bytes));
  if (is_webp(bytes)) return decode_webp(bytes, name);
  if (is_gif(bytes)) return decode_gif(bytes, name);
  throw Error(
      "{}: neither a JPEG nor a PNG, WebP or GIF picture: it begins with the bytes{}. Convert it to one of them",
      name, first_bytes(bytes));
}

Image read_image(const std::filesystem::path& path) { return decode_image(picture_bytes(path), path.string()); }

std::string picture_bytes(const std::filesystem::path& path) { return read_text_file(path, kLargestFile); }

uint64_t picture_key(std::string_view bytes) {
  const uint64_t sum = crc32c(bytes.data(), bytes.size()), size = bytes.size() & 0xFFFFFFF;
  return sum << 32 | size << 4 | static_cast<uint64_t>(orientation_of(bytes));
}

}  // namespace heed::support
