// The two libraries that read and write picture files, each behind one function. Both report failures by a
// callback that must not return, in C; the only safe way out is longjmp, which runs no destructors. So each
// .cpp keeps its calls in small functions that own nothing: what is owned lies in the caller's frame.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "examples/support/images/image.h"

namespace heed::support::detail {

// `name` is for messages.
Image decode_jpeg(std::string_view bytes, const std::string& name);
Image decode_png(std::string_view bytes, const std::string& name);

// Throws if a header's sizes are beyond the limits of image.h.
void check_picture_size(int64_t width, int64_t height, const std::string& name);

}  // namespace heed::support::detail
