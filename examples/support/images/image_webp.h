// WebP files, by libwebp where heed was built with it.
#pragma once

#include <string_view>

#include "examples/support/images/image.h"

namespace heed::support {

// Whether the bytes begin like a WebP file: "RIFF", four bytes of length, "WEBP".
bool is_webp(std::string_view bytes);

// Transparent parts are laid on white. Throws for bytes that are damaged, cut or animated, or claim more than the limits
// of image.h, and where heed was built without libwebp. `name` is for messages.
Image decode_webp(std::string_view bytes, const std::string& name);

}  // namespace heed::support
