// Photographs as numbers: read from JPEG and PNG files, resized, and written again for pages.
//
// A picture file is foreign input: it may be cut, damaged, or claim to be larger than memory. Everything is
// decoded by libjpeg(-turbo) and libpng; what they would only warn of (a file that ends too early, bytes that
// make no sense) is an error here, because a picture that is half grey is a wrong picture.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace heed::support {

struct Image {
  int width = 0, height = 0;
  std::vector<uint8_t> rgb;  // [height, width, 3]: red, green, blue

  uint8_t* at(int x, int y) { return rgb.data() + 3 * (static_cast<size_t>(y) * width + x); }
  const uint8_t* at(int x, int y) const { return rgb.data() + 3 * (static_cast<size_t>(y) * width + x); }
};

// What is refused before memory is asked for: more pixels on a side, or in all.
constexpr int64_t kLargestSide = 16384;
constexpr int64_t kMostPixels = int64_t{64} << 20;

// A picture of one colour. Throws if a side is below 1 or the picture beyond the limits above.
Image blank_image(int width, int height, uint8_t red, uint8_t green, uint8_t blue);

// Reads a JPEG or PNG file, told apart by their content. Grey becomes three equal channels, CMYK is
// converted without colour management, transparent parts are laid on white, 16 bits become 8. A JPEG's EXIF
// orientation is not applied. Throws heed::Error with the file and what is wrong: missing, not such a file,
// cut, damaged, or larger than the limits above (seen in the header, before memory is asked for).
Image read_image(const std::filesystem::path& path);

// The same from bytes in memory; `name` is for messages.
Image decode_image(std::string_view bytes, const std::string& name);

// Bilinear. Where the picture shrinks, the triangle widens with it, so that every pixel counts and fine
// patterns do not turn into false ones. Pixel centres lie at (i + 1/2) / size, so the whole of the picture
// stays the whole of it. Throws if a side is below 1.
Image resize(const Image& image, int width, int height);

// The part with its left upper corner at (left, top). Throws unless it lies in the picture.
Image cropped(const Image& image, int left, int top, int width, int height);

// Left and right exchanged.
Image mirrored(const Image& image);

// A file's bytes. `quality` from 1 to 100.
std::string jpeg_bytes(const Image& image, int quality);
std::string png_bytes(const Image& image);

}  // namespace heed::support
