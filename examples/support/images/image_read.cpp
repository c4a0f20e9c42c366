#include <fmt/format.h>

#include <algorithm>

#include "autograd/base/error.h"
#include "examples/support/images/image.h"
#include "examples/support/images/image_codec.h"
#include "examples/support/program/json_file.h"

namespace heed::support {
namespace {

constexpr size_t kLargestFile = size_t{256} << 20;

}  // namespace

void detail::check_picture_size(int64_t width, int64_t height, const std::string& name) {
  if (width >= 1 && height >= 1 && width <= kLargestSide && height <= kLargestSide &&
      width * height <= kMostPixels)
    return;
  throw Error(
      "{}: its header says {} x {} pixels; pictures may have {} on a side and {} million in all. Make it "
      "smaller first",
      name, width, height, kLargestSide, kMostPixels >> 20);
}

#ifdef HEED_HAS_PICTURES

namespace {

bool begins(std::string_view bytes, std::string_view magic) { return bytes.substr(0, magic.size()) == magic; }

std::string first_bytes(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes.substr(0, 8)) text += fmt::format(" {:02x}", static_cast<uint8_t>(byte));
  return text;
}

}  // namespace

Image decode_image(std::string_view bytes, const std::string& name) {
  if (bytes.empty()) throw Error("{}: the file is empty; it was perhaps never fetched whole", name);
  if (begins(bytes, "\xff\xd8\xff")) return detail::decode_jpeg(bytes, name);
  if (begins(bytes, "\x89PNG\r\n\x1a\n")) return detail::decode_png(bytes, name);
  throw Error("{}: neither a JPEG nor a PNG picture: it begins with the bytes{}. Convert it to one of them",
              name, first_bytes(bytes));
}

#else

namespace {

[[noreturn]] void no_pictures() {
  throw Error(
      "pictures: built without libjpeg and libpng: install libjpeg-dev and libpng-dev and build again");
}

}  // namespace

Image decode_image(std::string_view, const std::string&) { no_pictures(); }
std::string jpeg_bytes(const Image&, int) { no_pictures(); }
std::string png_bytes(const Image&) { no_pictures(); }

#endif

Image read_image(const std::filesystem::path& path) {
  return decode_image(read_text_file(path, kLargestFile), path.string());
}

}  // namespace heed::support
