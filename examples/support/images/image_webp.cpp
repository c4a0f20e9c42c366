#include "examples/support/images/image_webp.h"

#include "autograd/base/error.h"

#ifdef HEED_HAS_WEBP
#include <webp/decode.h>
#endif

namespace heed::support {

bool is_webp(std::string_view bytes) { return bytes.starts_with("RIFF") && bytes.substr(8).starts_with("WEBP"); }

#ifdef HEED_HAS_WEBP

Image decode_webp(std::string_view bytes, const std::string& name) {
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  WebPBitstreamFeatures found;
  const auto damaged = [&] {
    return Error("{}: the WebP picture is damaged or cut. Fetch it again, or leave it out", name);
  };
  if (WebPGetFeatures(data, bytes.size(), &found) != VP8_STATUS_OK) throw damaged();
  if (found.has_animation) throw Error("{}: the WebP picture is an animation; take one frame of it", name);
  check_picture_size(found.width, found.height, name);
  const size_t pixels = static_cast<size_t>(found.width) * static_cast<size_t>(found.height);
  std::vector<uint8_t> rgba(4 * pixels);
  if (!WebPDecodeRGBAInto(data, bytes.size(), rgba.data(), rgba.size(), 4 * found.width)) throw damaged();
  Image image{found.width, found.height, std::vector<uint8_t>(3 * pixels)};
  for (size_t pixel = 0; pixel < pixels; ++pixel)
    for (size_t channel = 0; channel < 3; ++channel) {
      const int opaque = rgba[4 * pixel + 3];
      image.rgb[3 * pixel + channel] =
          static_cast<uint8_t>((rgba[4 * pixel + channel] * opaque + 255 * (255 - opaque) + 127) / 255);
    }
  return image;
}

#else

Image decode_webp(std::string_view, const std::string& name) {
  throw Error(
      "{}: a WebP picture, and this heed was built without libwebp: install libwebp-dev and build again, or convert it "
      "to JPEG or PNG",
      name);
}

#endif

}  // namespace heed::support
