// GIF files, of which the first frame is the picture; by giflib where heed was built with it.
#pragma once

#include <string_view>

#include "examples/support/images/image.h"

namespace heed::support {

// Whether the bytes begin like a GIF file.
bool is_gif(std::string_view bytes);

// What the frame leaves out of the screen, and what is transparent, is white. Throws for bytes that are damaged or cut, or
// claim more than the limits of image.h, and where heed was built without giflib. `name` is for messages.
Image decode_gif(std::string_view bytes, const std::string& name);

}  // namespace heed::support
