#include "examples/support/images/orientation.h"

#include <algorithm>
#include <string>
#include <utility>

#include "autograd/base/error.h"

#ifdef HEED_HAS_EXIF
#include <libexif/exif-data.h>

#include <memory>
#endif

namespace heed::support {

#ifdef HEED_HAS_EXIF

namespace {

using Exif = std::unique_ptr<ExifData, void (*)(ExifData*)>;

// The data of a PNG file's chunk eXIf, with the words before it that a JPEG has there.
std::string exif_of_png(std::string_view bytes) {
  const auto number = [&](size_t at) {
    uint32_t value = 0;
    for (size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
    return value;
  };
  for (size_t at = 8; at + 12 <= bytes.size();) {
    const size_t length = number(at);
    if (length > bytes.size() - at - 12) break;
    if (bytes.substr(at + 4, 4) == "eXIf")
      return std::string("Exif\0\0", 6) + std::string(bytes.substr(at + 8, length));
    at += length + 12;
  }
  return "";
}

}  // namespace

bool reads_orientation() { return true; }

int orientation_of(std::string_view bytes) {
  std::string of_png;
  if (bytes.starts_with("\x89PNG")) bytes = of_png = exif_of_png(bytes);
  if (bytes.empty()) return 1;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const Exif exif(exif_data_new_from_data(data, static_cast<unsigned>(bytes.size())), exif_data_unref);
  if (!exif) return 1;
  const ExifEntry* entry = exif_content_get_entry(exif->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (!entry || entry->format != EXIF_FORMAT_SHORT || entry->size < 2) return 1;
  const int orientation = exif_get_short(entry->data, exif_data_get_byte_order(exif.get()));
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

#else

bool reads_orientation() { return false; }
int orientation_of(std::string_view) { return 1; }

#endif

std::string orientation_note() {
  if (reads_orientation()) return "";
  return "note: this build has no libexif: photographs that were taken with the camera on its side stay so\n";
}

Image upright(const Image& image, int orientation) {
  if (orientation < 1 || orientation > 8) throw Error("a picture's orientation is 1 to 8, not {}", orientation);
  if (orientation == 1) return image;
  const bool turned = orientation >= 5;  // rows become columns
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Image result{image.width, image.height, std::vector<uint8_t>(image.rgb.size())};
  if (turned) std::swap(result.width, result.height);
  for (int y = 0; y < result.height; ++y)
    for (int x = 0; x < result.width; ++x) {
      const int column = turned ? y : x, row = turned ? x : y;
      const uint8_t* from =
          image.at(from_right ? image.width - 1 - column : column, from_below ? image.height - 1 - row : row);
      std::copy_n(from, 3, result.at(x, y));
    }
  return result;
}

}  // namespace heed::support
