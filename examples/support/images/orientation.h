// Which way up a photograph is. A camera writes the pixels as its sensor lies, and notes beside them how it
// was held: the orientation of EXIF (CIPA DC-008, tag 0x0112), 1 to 8. It is read by the library libexif,
// where heed was built with it.
#pragma once

#include <string>
#include <string_view>

#include "examples/support/images/image.h"

namespace heed::support {

// Whether heed was built with libexif. Without it pictures are taken as their pixels lie.
bool reads_orientation();

// What a user should know of this build before photographs are read: a line, or "".
std::string orientation_note();

// Of a JPEG or PNG file. 1, upright, where the file does not say, or says it wrongly, or nobody can read it.
int orientation_of(std::string_view bytes);

// The picture as it is to be seen. Throws for an orientation other than 1 to 8.
Image upright(const Image& image, int orientation);

}  // namespace heed::support
