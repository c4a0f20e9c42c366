// Photographs. What was read is written as PNG, which loses nothing, and read again.
#include "autograd/base/error.h"
#include "examples/support/images/image_jpeg.h"
#include "examples/support/images/image_png.h"
#include "examples/support/images/image_read.h"
#include "examples/support/images/orientation.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

using support::Image;

void picture(std::string_view bytes) {
  support::picture_key(bytes);
  const Image image = support::decode_image(bytes, "picture");
  require(image.width >= 1 && image.height >= 1, "a picture without pixels");
  require(image.rgb.size() == size_t{3} * static_cast<size_t>(image.width) * static_cast<size_t>(image.height),
          "not three numbers for each pixel");
  if (image.rgb.size() > 3 << 20) return;  // the rest takes long
  must_work("a picture that was read cannot be used", [&] {
    const Image again = support::decode_image(support::png_bytes(image), "again");
    require(again.width == image.width && again.height == image.height && again.rgb == image.rgb,
            "what is written is not what was read");
    support::decode_image(support::jpeg_bytes(image, 90), "as JPEG");
    support::resize(image, 7, 5);
    require(support::mirrored(support::mirrored(image)).rgb == image.rgb, "mirrored twice is another picture");
  });
}

REGISTER_READER(picture);

}  // namespace
}  // namespace heed::fuzz
