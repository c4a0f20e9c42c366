#include "examples/support/images/image_jpeg.h"

#include "autograd/base/error.h"

#ifdef HEED_HAS_PICTURES

// jpeglib.h relies on what these two declare.
#include <cstddef>
#include <cstdio>

#include <jerror.h>
#include <jpeglib.h>

#include <csetjmp>
#include <cstdlib>
#include <memory>

namespace heed::support {
namespace {

struct JpegFailure : jpeg_error_mgr {
  std::jmp_buf escape;
  char text[JMSG_LENGTH_MAX] = {};
  bool out_of_memory = false;  // the picture may be well
};

[[noreturn]] void leave(j_common_ptr codec) {
  auto* failure = static_cast<JpegFailure*>(codec->err);
  failure->format_message(codec, failure->text);
  failure->out_of_memory = failure->msg_code == JERR_OUT_OF_MEMORY;
  std::longjmp(failure->escape, 1);
}

// Level -1 is a warning: data that ends early or makes no sense, for which the library would make up pixels.
void judge(j_common_ptr codec, int level) {
  if (level < 0) leave(codec);
}

void report_to(JpegFailure& failure) {
  jpeg_std_error(&failure);
  failure.error_exit = leave;
  failure.emit_message = judge;
}

// A progressive picture comes in scans, usually ten, each of which costs as much as all of it, however few
// bytes it has: a file of some kilobytes may ask for minutes.
constexpr int kMostScans = 100;

void limit_scans(j_common_ptr codec) {
  if (reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number <= kMostScans) return;
  auto* failure = static_cast<JpegFailure*>(codec->err);
  std::snprintf(failure->text, sizeof failure->text, "it has more than %d scans", kMostScans);
  std::longjmp(failure->escape, 1);
}

struct JpegDecoder {
  jpeg_decompress_struct codec{};
  JpegFailure failure;
  jpeg_progress_mgr progress{};
  JpegDecoder() {
    report_to(failure);
    codec.err = &failure;
    progress.progress_monitor = limit_scans;
  }
  ~JpegDecoder() { jpeg_destroy_decompress(&codec); }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;
};

struct JpegEncoder {
  jpeg_compress_struct codec{};
  JpegFailure failure;
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  JpegEncoder() {
    report_to(failure);
    codec.err = &failure;
  }
  ~JpegEncoder() {
    jpeg_destroy_compress(&codec);
    std::free(bytes);
  }
  JpegEncoder(const JpegEncoder&) = delete;
  JpegEncoder& operator=(const JpegEncoder&) = delete;
};

bool read_header(JpegDecoder& decoder, std::string_view bytes) {
  if (setjmp(decoder.failure.escape)) return false;
  jpeg_create_decompress(&decoder.codec);
  decoder.codec.progress = &decoder.progress;
  jpeg_mem_src(&decoder.codec, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&decoder.codec, TRUE);
  return true;
}

// A photograph of 108 million pixels need not come at its full size: libjpeg makes it smaller as it decodes, and quicker.
bool scale_to_limits(JpegDecoder& decoder) {
  if (setjmp(decoder.failure.escape)) return false;
  jpeg_decompress_struct& codec = decoder.codec;
  codec.scale_num = codec.scale_denom = 1;
  const auto too_large = [&] {
    jpeg_calc_output_dimensions(&codec);
    return int64_t{codec.output_width} > kLargestSide || int64_t{codec.output_height} > kLargestSide ||
           int64_t{codec.output_width} * codec.output_height > kMostPixels;
  };
  while (too_large() && codec.scale_denom < 8) codec.scale_denom *= 2;
  return true;
}

// Reads all rows, one below the other, into `to`.
bool read_rows(JpegDecoder& decoder, uint8_t* to) {
  if (setjmp(decoder.failure.escape)) return false;
  jpeg_decompress_struct& codec = decoder.codec;
  jpeg_start_decompress(&codec);
  while (codec.output_scanline < codec.output_height) {
    const size_t stride = size_t{codec.output_width} * static_cast<size_t>(codec.output_components);
    JSAMPROW row = to + stride * codec.output_scanline;
    jpeg_read_scanlines(&codec, &row, 1);
  }
  jpeg_finish_decompress(&codec);
  return true;
}

bool write_rows(JpegEncoder& encoder, const Image& image, int quality) {
  if (setjmp(encoder.failure.escape)) return false;
  jpeg_compress_struct& codec = encoder.codec;
  jpeg_create_compress(&codec);
  jpeg_mem_dest(&codec, &encoder.bytes, &encoder.size);
  codec.image_width = static_cast<JDIMENSION>(image.width);
  codec.image_height = static_cast<JDIMENSION>(image.height);
  codec.input_components = 3;
  codec.in_color_space = JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  jpeg_start_compress(&codec, TRUE);
  while (codec.next_scanline < codec.image_height) {
    auto* row = const_cast<uint8_t*>(image.at(0, static_cast<int>(codec.next_scanline)));
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  return true;
}

// Ink to light: what passes cyan (magenta, yellow) and black. Adobe's files say how much ink is missing.
void mix_inks(const std::vector<uint8_t>& inks, bool inverted, std::vector<uint8_t>& rgb) {
  const auto light = [inverted](uint8_t ink) { return inverted ? ink : 255 - ink; };
  for (size_t pixel = 0; pixel < rgb.size() / 3; ++pixel)
    for (size_t channel = 0; channel < 3; ++channel)
      rgb[3 * pixel + channel] =
          static_cast<uint8_t>((light(inks[4 * pixel + channel]) * light(inks[4 * pixel + 3]) + 127) / 255);
}

}  // namespace

Image decode_jpeg(std::string_view bytes, const std::string& name) {
  const auto decoder = std::make_unique<JpegDecoder>();
  const auto check = [&](bool good) {
    if (decoder->failure.out_of_memory) throw OutOfMemory("{}: out of memory for the picture", name);
    if (!good)
      throw Error("{}: the JPEG picture is damaged or cut: {}. Fetch it again, or leave it out", name,
                  decoder->failure.text);
  };
  check(read_header(*decoder, bytes));
  jpeg_decompress_struct& codec = decoder->codec;
  if (jpeg_has_multiple_scans(&codec))  // all of it would be held in memory at its full size
    check_picture_size(codec.image_width, codec.image_height, name);
  check(scale_to_limits(*decoder));
  check_picture_size(codec.output_width, codec.output_height, name);
  const bool inks = codec.num_components == 4;
  codec.out_color_space = inks ? JCS_CMYK : JCS_RGB;
  Image image{static_cast<int>(codec.output_width), static_cast<int>(codec.output_height), {}};
  const size_t pixels = size_t{codec.output_width} * codec.output_height;
  image.rgb.resize(3 * pixels);
  if (!inks) {
    check(read_rows(*decoder, image.rgb.data()));
    return image;
  }
  std::vector<uint8_t> four(4 * pixels);
  check(read_rows(*decoder, four.data()));
  mix_inks(four, codec.saw_Adobe_marker, image.rgb);
  return image;
}

std::string jpeg_bytes(const Image& image, int quality) {
  const auto encoder = std::make_unique<JpegEncoder>();
  if (!write_rows(*encoder, image, quality))
    throw Error("jpeg_bytes: a picture of {}x{} pixels cannot be written: {}", image.width, image.height,
                encoder->failure.text);
  return {reinterpret_cast<const char*>(encoder->bytes), encoder->size};
}

}  // namespace heed::support

#else

namespace heed::support {
namespace {

[[noreturn]] void no_jpeg() {
  throw Error("pictures: built without libjpeg and libpng: install libjpeg-dev and libpng-dev and build again");
}

}  // namespace

Image decode_jpeg(std::string_view, const std::string&) { no_jpeg(); }
std::string jpeg_bytes(const Image&, int) { no_jpeg(); }

}  // namespace heed::support

#endif
