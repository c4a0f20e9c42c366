#include "examples/support/images/image_jpeg.h"
#include "examples/support/images/image_png.h"
#include "examples/support/images/image_read.h"

#include <png.h>

#include <cmath>
#include <cstring>

// jpeglib.h relies on <cstddef> and <cstdio>.
#include <cstdio>

#include <jpeglib.h>

#include "autograd/base/error.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

using namespace heed;
using namespace heed::support;
using Catch::Matchers::ContainsSubstring;

namespace {

// Left half red, right half blue, a white row on top: places and channels cannot be mistaken.
Image flag(int width, int height) {
  Image image = blank_image(width, height, 200, 30, 10);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      if (x >= width / 2) std::memcpy(image.at(x, y), "\x0a\x28\xd2", 3);
      if (y < height / 4) std::memcpy(image.at(x, y), "\xff\xff\xff", 3);
    }
  return image;
}

int farthest(const Image& a, const Image& b) {
  REQUIRE(a.width == b.width);
  REQUIRE(a.height == b.height);
  int most = 0;
  for (size_t i = 0; i < a.rgb.size(); ++i) most = std::max(most, std::abs(a.rgb[i] - b.rgb[i]));
  return most;
}

double mean_difference(const Image& a, const Image& b) {
  REQUIRE(a.rgb.size() == b.rgb.size());
  double sum = 0;
  for (size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / static_cast<double>(a.rgb.size());
}

// A PNG of another kind than png_bytes writes: `format` one of libpng's simplified formats.
std::string png_of(uint32_t format, int width, int height, const void* pixels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = format;
  png_alloc_size_t size = 0;
  REQUIRE(png_image_write_get_memory_size(image, size, 0, pixels, 0, nullptr));
  std::string bytes(size, '\0');
  REQUIRE(png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels, 0, nullptr));
  bytes.resize(size);
  return bytes;
}

// A JPEG of other components than red, green, blue.
std::string jpeg_of(J_COLOR_SPACE space, int components, int width, int height, std::vector<uint8_t> pixels,
                    bool progressive = false, const std::vector<jpeg_scan_info>& scans = {}) {
  jpeg_compress_struct codec{};
  jpeg_error_mgr errors;
  codec.err = jpeg_std_error(&errors);
  jpeg_create_compress(&codec);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&codec, &bytes, &size);
  codec.image_width = static_cast<JDIMENSION>(width);
  codec.image_height = static_cast<JDIMENSION>(height);
  codec.input_components = components;
  codec.in_color_space = space;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, 100, TRUE);
  if (progressive) jpeg_simple_progression(&codec);
  if (!scans.empty()) {
    codec.scan_info = scans.data();
    codec.num_scans = static_cast<int>(scans.size());
  }
  jpeg_start_compress(&codec, TRUE);
  while (codec.next_scanline < codec.image_height) {
    JSAMPROW row = pixels.data() + codec.next_scanline * static_cast<size_t>(width * components);
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  std::string result(reinterpret_cast<char*>(bytes), size);
  jpeg_destroy_compress(&codec);
  std::free(bytes);
  return result;
}

// The same file claiming other sizes in its header.
std::string jpeg_claiming(std::string bytes, int width, int height) {
  const size_t frame = bytes.find("\xff\xc0");
  REQUIRE(frame != std::string::npos);
  const int sizes[] = {height >> 8, height & 255, width >> 8, width & 255};
  for (size_t i = 0; i < 4; ++i) bytes[frame + 5 + i] = static_cast<char>(sizes[i]);
  return bytes;
}

std::string png_claiming(std::string bytes, uint32_t width, uint32_t height) {
  const auto put = [&](size_t at, uint32_t value) {
    for (size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (24 - 8 * i));
  };
  put(16, width);
  put(20, height);
  uint32_t sum = ~0u;  // the CRC-32 of PNG, over the chunk's name and content
  for (size_t i = 12; i < 29; ++i) {
    sum ^= static_cast<uint8_t>(bytes[i]);
    for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ (sum & 1 ? 0xEDB88320u : 0);
  }
  put(29, ~sum);
  return bytes;
}

}  // namespace

TEST_CASE("a picture written as PNG is read back as it was") {
  const Image image = flag(37, 21);
  CHECK(farthest(decode_image(png_bytes(image), "flag"), image) == 0);
  const Image dot = blank_image(1, 1, 1, 2, 3);
  CHECK(farthest(decode_image(png_bytes(dot), "dot"), dot) == 0);
}

TEST_CASE("a picture written as JPEG is read back nearly as it was") {
  const Image image = flag(64, 64);
  const auto check_near = [&](const Image& read) {
    REQUIRE(read.width == 64);
    CHECK(mean_difference(read, image) < 3);  // colours are blurred at edges only
    CHECK(std::abs(read.at(50, 40)[2] - 210) <= 4);
    CHECK(std::abs(read.at(10, 40)[0] - 200) <= 4);
  };
  check_near(decode_image(jpeg_bytes(image, 98), "flag"));
  check_near(decode_image(jpeg_of(JCS_RGB, 3, 64, 64, image.rgb, true), "progressive"));
  CHECK(jpeg_bytes(image, 30).size() < jpeg_bytes(image, 98).size());
}

TEST_CASE("files are told apart by their content, and messages name them") {
  const tests::TemporaryDirectory folder;
  const Image image = flag(16, 16);
  CHECK(farthest(read_image(folder.write("picture.jpg", png_bytes(image))), image) == 0);
  CHECK_THROWS_WITH(read_image(folder / "none.jpg"), ContainsSubstring("none.jpg"));
  CHECK_THROWS_WITH(read_image(folder.write("empty.jpg", "")),
                    ContainsSubstring("empty.jpg") && ContainsSubstring("empty"));
  CHECK_THROWS_WITH(read_image(folder.write("page.jpg", "<html>not found</html>")),
                    ContainsSubstring("page.jpg") && ContainsSubstring("neither a JPEG nor a PNG") &&
                        ContainsSubstring("3c 68 74 6d"));
}

TEST_CASE("grey pictures have three equal channels") {
  const std::vector<uint8_t> grey = {0, 100, 200, 255};
  const Image png = decode_image(png_of(PNG_FORMAT_GRAY, 2, 2, grey.data()), "grey");
  CHECK(png.rgb == std::vector<uint8_t>{0, 0, 0, 100, 100, 100, 200, 200, 200, 255, 255, 255});
  const Image jpeg = decode_image(jpeg_of(JCS_GRAYSCALE, 1, 8, 8, std::vector<uint8_t>(64, 90)), "grey");
  CHECK(farthest(jpeg, blank_image(8, 8, 90, 90, 90)) <= 1);
}

TEST_CASE("what is transparent lies on white") {
  const std::vector<uint8_t> rgba = {200, 0, 0, 255, 200, 0, 0, 0, 0, 0, 0, 128, 0, 100, 0, 51};
  const Image image = decode_image(png_of(PNG_FORMAT_RGBA, 4, 1, rgba.data()), "glass");
  CHECK(image.rgb == std::vector<uint8_t>{200, 0, 0, 255, 255, 255, 127, 127, 127, 204, 224, 204});
}

TEST_CASE("sixteen bits become eight") {
  const std::vector<uint16_t> linear = {65535, 65535, 65535, 0, 0, 0};
  const Image image = decode_image(png_of(PNG_FORMAT_LINEAR_RGB, 2, 1, linear.data()), "deep");
  CHECK(image.rgb == std::vector<uint8_t>{255, 255, 255, 0, 0, 0});
}

TEST_CASE("inks are mixed to colours") {
  // As Adobe writes them (libjpeg marks its CMYK files so): 255 is no ink.
  std::vector<uint8_t> inks;
  for (int i = 0; i < 64; ++i) inks.insert(inks.end(), {255, 0, 255, 128});  // magenta at half black
  const Image image = decode_image(jpeg_of(JCS_CMYK, 4, 8, 8, inks), "inks");
  CHECK(farthest(image, blank_image(8, 8, 128, 0, 128)) <= 2);
}

TEST_CASE("a picture cut anywhere is an error, never a half grey picture") {
  const Image image = flag(40, 40);
  for (const std::string& whole : {jpeg_bytes(image, 90), png_bytes(image)}) {
    CHECK_NOTHROW(decode_image(whole, "whole"));
    for (size_t length = 1; length + 2 < whole.size(); length += 7)
      REQUIRE_THROWS_WITH(decode_image(whole.substr(0, length), "cut.jpg"), ContainsSubstring("cut.jpg"));
  }
}

TEST_CASE("damaged bytes give an error or a picture of the right size, nothing worse") {
  const Image image = flag(48, 32);
  for (const std::string& whole : {jpeg_bytes(image, 90), png_bytes(image)}) {
    int refused = 0;
    for (size_t at = 12; at < whole.size(); at += 3) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
      try {
        const Image read = decode_image(damaged, "damaged");
        REQUIRE(read.rgb.size() == static_cast<size_t>(3 * read.width * read.height));
      } catch (const Error&) {
        ++refused;
      }
    }
    CHECK(refused > 10);
  }
  // PNG sums its chunks: there no flipped byte of the pixels goes unnoticed.
  std::string png = png_bytes(image);
  png[png.find("IDAT") + 20] ^= 1;
  CHECK_THROWS_WITH(decode_image(png, "flip.png"), ContainsSubstring("flip.png: the PNG picture is damaged"));
}

TEST_CASE("a header that claims too much is refused before memory is asked for") {
  const std::string png = png_claiming(png_bytes(flag(16, 16)), 20000, 20000);
  CHECK_THROWS_WITH(decode_image(png, "vast"),
                    ContainsSubstring("vast") && ContainsSubstring("20000 x 20000") && ContainsSubstring("16384"));
  // A JPEG is made smaller as it is decoded, and then there is not enough of it.
  CHECK_THROWS_WITH(decode_image(jpeg_claiming(jpeg_bytes(flag(16, 16), 90), 20000, 20000), "vast"),
                    ContainsSubstring("vast: the JPEG picture is damaged or cut"));
  // Narrow enough, but too many pixels.
  CHECK_THROWS_WITH(decode_image(png_claiming(png_bytes(flag(16, 16)), 16000, 16000), "vast"),
                    ContainsSubstring("64 million"));
  CHECK_THROWS_AS(blank_image(20000, 20000, 0, 0, 0), Error);
  CHECK_THROWS_AS(blank_image(0, 5, 0, 0, 0), Error);
}

// Each scan costs as much as the whole picture, and takes a few bytes.
TEST_CASE("a progressive picture of very many scans is refused") {
  const Image image = flag(16, 16);
  std::vector<jpeg_scan_info> scans(1);
  scans[0] = {3, {0, 1, 2, 0}, 0, 0, 0, 0};  // the mean of each block, then each other frequency by itself
  for (int frequency = 1; frequency < 64; ++frequency)
    for (int component = 0; component < 3; ++component)
      scans.push_back({1, {component, 0, 0, 0}, frequency, frequency, 0, 0});
  CHECK_THROWS_WITH(decode_image(jpeg_of(JCS_RGB, 3, 16, 16, image.rgb, false, scans), "scans"),
                    ContainsSubstring("scans: the JPEG picture is damaged") && ContainsSubstring("100 scans"));
  const std::vector<uint8_t> grey(256, 77);  // of one component these are 64, and allowed
  scans.resize(1);
  scans[0] = {1, {0, 0, 0, 0}, 0, 0, 0, 0};
  for (int frequency = 1; frequency < 64; ++frequency) scans.push_back({1, {0, 0, 0, 0}, frequency, frequency, 0, 0});
  CHECK_NOTHROW(decode_image(jpeg_of(JCS_GRAYSCALE, 1, 16, 16, grey, false, scans), "scans"));
}

TEST_CASE("a cropped picture is its part") {
  const Image image = flag(5, 3), part = cropped(image, 1, 2, 3, 1);
  REQUIRE(part.width == 3);
  REQUIRE(part.height == 1);
  for (int x = 0; x < 3; ++x)
    for (int channel = 0; channel < 3; ++channel) CHECK(part.at(x, 0)[channel] == image.at(x + 1, 2)[channel]);
  CHECK(cropped(image, 0, 0, 5, 3).rgb == image.rgb);
  CHECK_THROWS_WITH(cropped(image, 3, 0, 3, 1), ContainsSubstring("does not lie in a picture of 5 x 3"));
}

TEST_CASE("mirroring exchanges left and right") {
  const Image image = flag(5, 3), turned = mirrored(image);
  for (int y = 0; y < 3; ++y)
    for (int x = 0; x < 5; ++x) CHECK(std::memcmp(turned.at(x, y), image.at(4 - x, y), 3) == 0);
  CHECK(mirrored(turned).rgb == image.rgb);
}

TEST_CASE("resizing keeps places, colours and evenness") {
  const Image even = blank_image(31, 17, 12, 200, 255);
  CHECK(farthest(resize(even, 224, 224), blank_image(224, 224, 12, 200, 255)) == 0);
  CHECK(farthest(resize(even, 3, 5), blank_image(3, 5, 12, 200, 255)) == 0);
  const Image image = flag(64, 64);
  CHECK(farthest(resize(image, 64, 64), image) == 0);
  // Small and large again: far from edges, the colours are where they were.
  const Image small = resize(image, 16, 8);
  CHECK(std::memcmp(small.at(3, 5), image.at(12, 40), 3) == 0);
  CHECK(std::memcmp(small.at(12, 5), image.at(50, 40), 3) == 0);
  CHECK(std::memcmp(small.at(12, 0), "\xff\xff\xff", 3) == 0);
  CHECK_THROWS_AS(resize(image, 0, 5), Error);
}

TEST_CASE("enlarging is linear between pixel centres, shrinking averages") {
  Image two = blank_image(2, 1, 0, 0, 0);
  std::memset(two.at(1, 0), 200, 3);
  const Image four = resize(two, 4, 1);
  CHECK(four.rgb == std::vector<uint8_t>{0, 0, 0, 50, 50, 50, 150, 150, 150, 200, 200, 200});
  // Stripes one pixel wide become even grey; without antialiasing they would turn black, white or striped.
  Image stripes = blank_image(120, 4, 0, 0, 0);
  for (int x = 0; x < 120; x += 2)
    for (int y = 0; y < 4; ++y) std::memset(stripes.at(x, y), 200, 3);
  const Image grey = resize(stripes, 12, 2);
  for (int x = 1; x < 11; ++x) CHECK(std::abs(*grey.at(x, 1) - 100) <= 3);
}
