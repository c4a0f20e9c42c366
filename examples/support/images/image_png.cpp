#include "examples/support/images/image_png.h"

#include "autograd/base/error.h"

#ifdef HEED_HAS_PICTURES

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstdlib>
#include <cstring>
#include <new>

namespace heed::support {
namespace {

struct PngFailure {
  char text[256] = {};
  bool out_of_memory = false;  // the picture may be well
};

[[noreturn]] void leave(png_structp codec, png_const_charp text) {
  auto* failure = static_cast<PngFailure*>(png_get_error_ptr(codec));
  std::strncpy(failure->text, text, sizeof failure->text - 1);
  png_longjmp(codec, 1);
}

void* ask_for(png_structp codec, png_alloc_size_t bytes) {
  void* const block = std::malloc(bytes);
  if (!block) static_cast<PngFailure*>(png_get_mem_ptr(codec))->out_of_memory = true;
  return block;
}
void give_back(png_structp, void* block) { std::free(block); }

// Warnings are about what does not touch the pixels: colour profiles, dates, comments.
void pass_over(png_structp, png_const_charp) {}

struct PngDecoder {
  PngFailure failure;
  std::string_view rest;  // bytes not yet read
  png_structp codec;
  png_infop info = nullptr;
  explicit PngDecoder(std::string_view bytes)
      : rest(bytes),
        codec(png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &failure, leave, pass_over, &failure, ask_for,
                                       give_back)) {
    if (codec) info = png_create_info_struct(codec);
    if (!info) throw std::bad_alloc();
  }
  ~PngDecoder() { png_destroy_read_struct(&codec, &info, nullptr); }
  PngDecoder(const PngDecoder&) = delete;
  PngDecoder& operator=(const PngDecoder&) = delete;
};

struct PngEncoder {
  PngFailure failure;
  std::string bytes;
  png_structp codec;
  png_infop info = nullptr;
  PngEncoder() : codec(png_create_write_struct(PNG_LIBPNG_VER_STRING, &failure, leave, pass_over)) {
    if (codec) info = png_create_info_struct(codec);
    if (!info) throw std::bad_alloc();
  }
  ~PngEncoder() { png_destroy_write_struct(&codec, &info); }
  PngEncoder(const PngEncoder&) = delete;
  PngEncoder& operator=(const PngEncoder&) = delete;
};

void give_bytes(png_structp codec, png_bytep to, size_t count) {
  auto* decoder = static_cast<PngDecoder*>(png_get_io_ptr(codec));
  if (count > decoder->rest.size()) png_error(codec, "the file ends too early");
  std::memcpy(to, decoder->rest.data(), count);
  decoder->rest.remove_prefix(count);
}

void take_bytes(png_structp codec, png_bytep from, size_t count) {
  bool full = false;
  try {
    static_cast<PngEncoder*>(png_get_io_ptr(codec))->bytes.append(reinterpret_cast<const char*>(from), count);
  } catch (const std::bad_alloc&) {
    full = true;  // nothing may be thrown through the library
  }
  if (full) png_error(codec, "out of memory");
}

bool read_header(PngDecoder& decoder) {
  if (setjmp(png_jmpbuf(decoder.codec))) return false;
  png_set_read_fn(decoder.codec, &decoder, give_bytes);
  png_read_info(decoder.codec, decoder.info);
  return true;
}

// Whatever the file holds, as rows of red, green, blue and opacity, one byte each.
bool read_rows(PngDecoder& decoder, png_bytepp rows) {
  if (setjmp(png_jmpbuf(decoder.codec))) return false;
  png_structp codec = decoder.codec;
  png_set_expand(codec);
  png_set_strip_16(codec);
  png_set_gray_to_rgb(codec);
  png_set_add_alpha(codec, 255, PNG_FILLER_AFTER);
  png_set_interlace_handling(codec);
  png_read_update_info(codec, decoder.info);
  png_read_image(codec, rows);
  png_read_end(codec, nullptr);
  return true;
}

bool write_rows(PngEncoder& encoder, const Image& image) {
  if (setjmp(png_jmpbuf(encoder.codec))) return false;
  png_structp codec = encoder.codec;
  png_set_write_fn(codec, &encoder, take_bytes, nullptr);
  png_set_IHDR(codec, encoder.info, static_cast<png_uint_32>(image.width), static_cast<png_uint_32>(image.height), 8,
               PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(codec, encoder.info);
  for (int y = 0; y < image.height; ++y) png_write_row(codec, image.at(0, y));
  png_write_end(codec, nullptr);
  return true;
}

}  // namespace

Image decode_png(std::string_view bytes, const std::string& name) {
  PngDecoder decoder(bytes);
  const auto check = [&](bool good) {
    if (decoder.failure.out_of_memory) throw OutOfMemory("{}: out of memory for the picture", name);
    if (!good)
      throw Error("{}: the PNG picture is damaged or cut: {}. Fetch it again, or leave it out", name,
                  decoder.failure.text);
  };
  check(read_header(decoder));
  const int64_t width = png_get_image_width(decoder.codec, decoder.info);
  const int64_t height = png_get_image_height(decoder.codec, decoder.info);
  check_picture_size(width, height, name);
  const auto pixels = static_cast<size_t>(width * height);
  std::vector<uint8_t> rgba(4 * pixels);
  std::vector<png_bytep> rows(static_cast<size_t>(height));
  for (size_t y = 0; y < rows.size(); ++y) rows[y] = rgba.data() + 4 * y * static_cast<size_t>(width);
  check(read_rows(decoder, rows.data()));
  return on_white(static_cast<int>(width), static_cast<int>(height), rgba.data());
}

std::string png_bytes(const Image& image) {
  PngEncoder encoder;
  if (!write_rows(encoder, image))
    throw Error("png_bytes: a picture of {}x{} pixels cannot be written: {}", image.width, image.height,
                encoder.failure.text);
  return std::move(encoder.bytes);
}

}  // namespace heed::support

#else

namespace heed::support {
namespace {

[[noreturn]] void no_png() {
  throw Error("pictures: built without libjpeg and libpng: install libjpeg-dev and libpng-dev and build again");
}

}  // namespace

Image decode_png(std::string_view, const std::string&) { no_png(); }
std::string png_bytes(const Image&) { no_png(); }

}  // namespace heed::support

#endif
