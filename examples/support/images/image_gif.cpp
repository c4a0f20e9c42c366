#include "examples/support/images/image_gif.h"

#include "autograd/base/error.h"

#ifdef HEED_HAS_GIF
#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <memory>
#endif

namespace heed::support {

bool is_gif(std::string_view bytes) { return bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a"); }

#ifdef HEED_HAS_GIF

namespace {

int read_on(GifFileType* gif, GifByteType* to, int wanted) {
  auto& left = *static_cast<std::string_view*>(gif->UserData);
  const auto count = std::min(left.size(), static_cast<size_t>(wanted));
  std::memcpy(to, left.data(), count);
  left.remove_prefix(count);
  return static_cast<int>(count);
}

struct Close {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};

class Decoder {
 public:
  Decoder(std::string_view bytes, const std::string& name) : left_(bytes), name_(name) {
    gif_.reset(DGifOpen(&left_, read_on, nullptr));
    if (!gif_) fail();
    check_picture_size(gif_->SWidth, gif_->SHeight, name);
  }

  Image first_frame() {
    for (;;) {
      GifRecordType kind;
      must(DGifGetRecordType(gif_.get(), &kind));
      if (kind == IMAGE_DESC_RECORD_TYPE) return frame();
      if (kind != EXTENSION_RECORD_TYPE) fail();
      skip_extension();
    }
  }

 private:
  [[noreturn]] void fail() const {
    throw Error("{}: the GIF picture is damaged or cut. Fetch it again, or leave it out", name_);
  }
  void must(int result) const {
    if (result != GIF_OK) fail();
  }

  void skip_extension() {
    int code = 0;
    GifByteType* block = nullptr;
    must(DGifGetExtension(gif_.get(), &code, &block));
    GraphicsControlBlock control;
    if (code == GRAPHICS_EXT_FUNC_CODE && block && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
      transparent_ = control.TransparentColor;
    while (block) must(DGifGetExtensionNext(gif_.get(), &block));
  }

  Image frame() {
    must(DGifGetImageDesc(gif_.get()));
    const GifImageDesc& part = gif_->Image;
    const ColorMapObject* colours = part.ColorMap ? part.ColorMap : gif_->SColorMap;
    if (!colours || part.Left < 0 || part.Top < 0 || part.Left + part.Width > gif_->SWidth ||
        part.Top + part.Height > gif_->SHeight)
      fail();
    Image image = blank_image(gif_->SWidth, gif_->SHeight, 255, 255, 255);
    // Interlaced rows come in four passes.
    const int first[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};
    for (int pass = 0; pass < (part.Interlace ? 4 : 1); ++pass)
      for (int y = part.Interlace ? first[pass] : 0; y < part.Height; y += part.Interlace ? step[pass] : 1)
        row(image, y, *colours);
    return image;
  }

  void row(Image& image, int y, const ColorMapObject& colours) {
    const GifImageDesc& part = gif_->Image;
    std::vector<GifPixelType> numbers(static_cast<size_t>(part.Width));
    must(DGifGetLine(gif_.get(), numbers.data(), part.Width));
    for (int x = 0; x < part.Width; ++x) {
      const int number = numbers[static_cast<size_t>(x)];
      if (number == transparent_) continue;
      if (number >= colours.ColorCount) fail();
      const GifColorType& colour = colours.Colors[number];
      uint8_t* to = image.at(part.Left + x, part.Top + y);
      to[0] = colour.Red, to[1] = colour.Green, to[2] = colour.Blue;
    }
  }

  std::string_view left_;
  const std::string& name_;
  std::unique_ptr<GifFileType, Close> gif_;
  int transparent_ = NO_TRANSPARENT_COLOR;
};

}  // namespace

Image decode_gif(std::string_view bytes, const std::string& name) { return Decoder(bytes, name).first_frame(); }

#else

Image decode_gif(std::string_view, const std::string& name) {
  throw Error(
      "{}: a GIF picture, and this heed was built without giflib: install libgif-dev and build again, or convert it to "
      "JPEG or PNG",
      name);
}

#endif

}  // namespace heed::support
