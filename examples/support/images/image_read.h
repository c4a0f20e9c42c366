// Reading photographs from JPEG and PNG files; from WebP and GIF, too, where heed was built with their libraries.
//
// A picture file is foreign input: it may be cut, damaged, or claim to be larger than memory. Everything is
// decoded by libjpeg(-turbo) and libpng; what they would only warn of (a file that ends too early, bytes that
// make no sense) is an error here, because a picture that is half grey is a wrong picture.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "examples/support/images/image.h"

namespace heed::support {

// Reads a picture file; what it is its content tells. Of a GIF the first frame is read. A JPEG beyond the limits of
// image.h is made smaller while it is decoded, by 2, 4 or 8. Grey becomes three equal channels, CMYK is
// converted without colour management, transparent parts are laid on white, 16 bits become 8. The picture
// is turned upright, as its EXIF orientation says (orientation.h). Throws heed::Error with the file and what
// is wrong: missing, not such a file, cut, damaged, or larger than the limits above (seen in the header,
// before memory is asked for).
Image read_image(const std::filesystem::path& path);

// The same from bytes in memory; `name` is for messages.
Image decode_image(std::string_view bytes, const std::string& name);

// A picture file's bytes, which may be anything. Throws if they cannot be read or are more than 256 MB.
std::string picture_bytes(const std::filesystem::path& path);

// Tells one picture file from another, whatever their names: from the checksum of the bytes, their number,
// and the orientation as this build reads it.
uint64_t picture_key(std::string_view bytes);

}  // namespace heed::support
