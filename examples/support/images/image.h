// Photographs as numbers: resized, cut and mirrored. They are read by image_read.h, and written by
// image_jpeg.h and image_png.h.
#pragma once

#include <cstdint>
#include <string>
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

// Throws if the sizes that a file's header claims are beyond these. `name` is for messages.
void check_picture_size(int64_t width, int64_t height, const std::string& name);

// A picture of one colour. Throws if a side is below 1 or the picture beyond the limits above.
Image blank_image(int width, int height, uint8_t red, uint8_t green, uint8_t blue);

// Of [height, width, 4]: red, green, blue, opacity. What is not opaque lies on white.
Image on_white(int width, int height, const uint8_t* rgba);

// Bilinear. Where the picture shrinks, the triangle widens with it, so that every pixel counts and fine
// patterns do not turn into false ones. Pixel centres lie at (i + 1/2) / size, so the whole of the picture
// stays the whole of it. Throws if a side is below 1.
Image resize(const Image& image, int width, int height);

// The part with its left upper corner at (left, top). Throws unless it lies in the picture.
Image cropped(const Image& image, int left, int top, int width, int height);

// Left and right exchanged.
Image mirrored(const Image& image);

}  // namespace heed::support
