// Pictures that are neither JPEG nor PNG, and photographs beyond the limits.
#include "examples/support/images/image_jpeg.h"
#include "examples/support/images/image_read.h"

#include <cstring>

#include "autograd/base/error.h"
#include "tests/catch.hpp"

#ifdef HEED_HAS_WEBP
#include <webp/encode.h>
#endif
#ifdef HEED_HAS_GIF
#include <gif_lib.h>
#endif

using namespace heed;
using namespace heed::support;
using Catch::Matchers::ContainsSubstring;

namespace {

// Each cut of the bytes is an error that names the file.
[[maybe_unused]] void check_cuts(const std::string& bytes, size_t step) {
  for (size_t end = 12; end + 8 < bytes.size(); end += step)
    CHECK_THROWS_WITH(decode_image(bytes.substr(0, end), "cut"), ContainsSubstring("cut: the"));
}

}  // namespace

#ifdef HEED_HAS_WEBP
TEST_CASE("WebP pictures are read, transparent parts on white") {
  std::vector<uint8_t> rgba(4 * 7 * 5);
  for (size_t i = 0; i < rgba.size(); ++i) rgba[i] = i % 4 == 3 ? 255 : static_cast<uint8_t>(37 * i);
  rgba[3] = 0;    // the first is transparent
  rgba[7] = 128;  // the second half so
  uint8_t* made = nullptr;
  const size_t size = WebPEncodeLosslessRGBA(rgba.data(), 7, 5, 4 * 7, &made);
  const std::string bytes(reinterpret_cast<char*>(made), size);
  WebPFree(made);
  const Image image = decode_image(bytes, "a.webp");
  REQUIRE((image.width == 7 && image.height == 5));
  CHECK(std::memcmp(image.at(0, 0), "\xff\xff\xff", 3) == 0);
  CHECK(std::abs(*image.at(1, 0) - (rgba[4] + 255) / 2) <= 1);
  for (int x = 2; x < 7; ++x) CHECK(std::memcmp(image.at(x, 3), &rgba[4 * static_cast<size_t>(3 * 7 + x)], 3) == 0);
  check_cuts(bytes, 9);
}
#endif

#ifdef HEED_HAS_GIF
TEST_CASE("the first frame of a GIF is its picture") {
  std::string bytes;
  const auto write = [](GifFileType* gif, const GifByteType* from, int count) {
    static_cast<std::string*>(gif->UserData)->append(reinterpret_cast<const char*>(from), static_cast<size_t>(count));
    return count;
  };
  GifFileType* gif = EGifOpen(&bytes, write, nullptr);
  const GifColorType colours[] = {{200, 0, 0}, {0, 200, 0}, {0, 0, 200}, {9, 9, 9}};
  ColorMapObject* map = GifMakeMapObject(4, colours);
  REQUIRE(EGifPutScreenDesc(gif, 4, 9, 2, 0, map) == GIF_OK);
  const GifByteType control[] = {1, 0, 0, 3};  // colour 3 is transparent
  REQUIRE(EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, 4, control) == GIF_OK);
  for (int frame = 0; frame < 2; ++frame) {
    REQUIRE(EGifPutImageDesc(gif, 1, 0, 3, 9, true, nullptr) ==
            GIF_OK);  // interlaced: rows 0, 8, 4, 2, 6, 1, 3, 5, 7
    for (const int y : {0, 8, 4, 2, 6, 1, 3, 5, 7}) {
      GifPixelType row[] = {static_cast<GifPixelType>(frame ? 1 : y % 3), 3, 2};
      REQUIRE(EGifPutLine(gif, row, 3) == GIF_OK);
    }
  }
  EGifCloseFile(gif, nullptr);
  GifFreeMapObject(map);
  const Image image = decode_image(bytes, "a.gif");
  REQUIRE((image.width == 4 && image.height == 9));
  for (int y = 0; y < 9; ++y) {
    CHECK(std::memcmp(image.at(0, y), "\xff\xff\xff", 3) == 0);  // beside the frame
    CHECK(std::memcmp(image.at(1, y), &colours[y % 3], 3) == 0);
    CHECK(std::memcmp(image.at(2, y), "\xff\xff\xff", 3) == 0);
    CHECK(std::memcmp(image.at(3, y), &colours[2], 3) == 0);
  }
  check_cuts(bytes.substr(0, bytes.size() / 2), 5);
  std::string vast = bytes;
  std::memcpy(&vast[6], "\xff\xff\xff\xff", 4);
  CHECK_THROWS_WITH(decode_image(vast, "vast"), ContainsSubstring("65535 x 65535"));
}
#endif

TEST_CASE("a photograph beyond the limits is made smaller while it is decoded") {
  Image wide{32000, 8, std::vector<uint8_t>(3 * 32000 * 8)};
  for (int y = 0; y < 8; ++y)
    for (int x = 0; x < 32000; ++x) std::memcpy(wide.at(x, y), x < 16000 ? "\x0a\xc8\x1e" : "\xc8\x1e\x0a", 3);
  const Image image = decode_image(jpeg_bytes(wide, 95), "wide.jpg");
  REQUIRE((image.width == 16000 && image.height == 4));
  CHECK(std::abs(*image.at(100, 2) - 10) < 6);
  CHECK(std::abs(*image.at(15900, 2) - 200) < 6);
}
