// Text as the programs read it: files of UTF-8 lines, and lines of words.
//
// A corpus is a file with one sentence a line. Two habits keep such files aligned with their translation:
// lines end at '\n' and nowhere else (U+2028 or a form feed inside a sentence is not an end of line, whatever
// an editor thinks), and a byte that is not UTF-8 is an error at once instead of a strange word much later.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "examples/support/text/words/words.h"

namespace heed::support {

// The lines of a file, without their '\n' or "\r\n" and without a byte order mark; unpacked if its name says that it
// is packed (files/packed.h). Throws heed::Error when the file is missing, empty, damaged, or not UTF-8 (file, line,
// byte).
std::vector<std::string> read_lines(const std::filesystem::path& path);

// The whole file as bytes, unpacked likewise. Throws when it cannot be read.
std::string read_bytes(const std::filesystem::path& path);

}  // namespace heed::support
