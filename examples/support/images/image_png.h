// PNG files, by libpng.
//
// libpng reports failures by a callback that must not return, in C; the only safe way out is longjmp, which
// runs no destructors. So the source keeps its calls in small functions that own nothing: what is owned lies
// in the caller's frame.
#pragma once

#include <string_view>

#include "examples/support/images/image.h"

namespace heed::support {

// Throws for bytes that are damaged or cut, or claim more than the limits of image.h. `name` is for messages.
Image decode_png(std::string_view bytes, const std::string& name);

// A file's bytes.
std::string png_bytes(const Image& image);

}  // namespace heed::support
