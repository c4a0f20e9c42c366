// Photographs that were taken with the camera on its side.
#include "examples/support/images/orientation.h"

#include "autograd/base/error.h"
#include "examples/support/images/image_jpeg.h"
#include "examples/support/images/image_png.h"
#include "examples/support/images/image_read.h"
#include "tests/catch.hpp"
#include "tests/examples/images_with_exif.h"

using namespace heed::support;
using heed::tests::with_orientation;

namespace {

// Blocks of 16 x 16 pixels, so that JPEG keeps them apart: white where a letter F is drawn, from
//   1 1
//   1 0
//   1 1
//   1 0
//   1 0
const std::vector<std::string> letter = {"##", "# ", "##", "# ", "# "};

Image drawn(const std::vector<std::string>& blocks) {
  const int side = 16;
  Image image =
      blank_image(side * static_cast<int>(blocks[0].size()), side * static_cast<int>(blocks.size()), 0, 0, 0);
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      if (blocks[static_cast<size_t>(y / side)][static_cast<size_t>(x / side)] == '#')
        std::fill_n(image.at(x, y), 3, uint8_t{255});
  return image;
}

std::vector<std::string> blocks_of(const Image& image) {
  std::vector<std::string> blocks;
  for (int y = 8; y < image.height; y += 16) {
    blocks.emplace_back();
    for (int x = 8; x < image.width; x += 16) blocks.back() += image.at(x, y)[0] > 127 ? '#' : ' ';
  }
  return blocks;
}

// How a camera stores the letter for each orientation, as the standard draws it.
const std::vector<std::vector<std::string>> stored = {{"##", "# ", "##", "# ", "# "},
                                                      {"##", " #", "##", " #", " #"},
                                                      {" #", " #", "##", " #", "##"},
                                                      {"# ", "# ", "##", "# ", "##"},
                                                      {"#####", "# #  "},
                                                      {"# #  ", "#####"},
                                                      {"  # #", "#####"},
                                                      {"#####", "  # #"}};

}  // namespace

TEST_CASE("a picture is turned upright from each of the eight orientations", "[images]") {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    INFO(orientation);
    const Image lying = drawn(stored[static_cast<size_t>(orientation - 1)]);
    CHECK(blocks_of(upright(lying, orientation)) == letter);
    const std::string jpeg = with_orientation(jpeg_bytes(lying, 90), orientation);
    const std::string png = with_orientation(png_bytes(lying), orientation);
    if (!reads_orientation()) {
      CHECK(orientation_of(jpeg) == 1);
      continue;
    }
    CHECK(orientation_of(jpeg) == orientation);
    CHECK(blocks_of(decode_image(jpeg, "photograph.jpg")) == letter);
    CHECK(blocks_of(decode_image(png, "photograph.png")) == letter);
    CHECK((picture_key(jpeg) & 15) == static_cast<uint64_t>(orientation));
  }
  CHECK_THROWS_AS(upright(drawn(letter), 0), heed::Error);
  CHECK_THROWS_AS(upright(drawn(letter), 9), heed::Error);
}

TEST_CASE("what says nothing sensible of its orientation is upright", "[images]") {
  const std::string jpeg = jpeg_bytes(drawn(letter), 90);
  CHECK(orientation_of(jpeg) == 1);
  CHECK(orientation_of("") == 1);
  CHECK(orientation_of("\xff\xd8\xff") == 1);
  for (const int wrong : {0, 9, 65535}) CHECK(orientation_of(with_orientation(jpeg, wrong)) == 1);
  const std::string turned = with_orientation(jpeg, 6);
  for (size_t length = 0; length < std::min<size_t>(turned.size(), 120); ++length)
    CHECK_NOTHROW(orientation_of(turned.substr(0, length)));
}
