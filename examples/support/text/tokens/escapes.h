// The characters that Moses' tools use for themselves, and what it writes in their place: "&apos;" for "'".
#pragma once

#include <string>
#include <string_view>

namespace heed::support {

std::string escaped(std::string_view text);
// Back, each once: "&amp;apos;" is "&apos;". Also the older names of "|", "[" and "]": &bar; &bra; &ket;.
std::string unescaped(std::string_view text);

}  // namespace heed::support
