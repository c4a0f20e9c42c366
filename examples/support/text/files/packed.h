// Files that are packed: what they hold, and what they would be called without.
//
// gzip is unpacked by zlib, which the programs need anyway; xz, Zstandard, bzip2, and zip and tar archives of one
// file by libarchive, where heed was built with it.
#pragma once

#include <filesystem>
#include <string>

namespace heed::support {

// Whether heed was built with libarchive.
bool has_libarchive();

// The name without the ending of what packs it: "train.en.gz" is "train.en", "fra-eng.zip" is "fra-eng". Others stay.
std::string unpacked_name(const std::string& name);

// The bytes of a file, unpacked if its name says that it is packed. Of an archive it must be the only file, those
// whose names begin with '_' or '.' not counted (fra.txt in fra-eng.zip, beside _about.txt). Throws when the file
// cannot be read, is damaged, or needs libarchive and heed was built without; and when it holds more text than
// there is memory.
std::string read_unpacked(const std::filesystem::path& path);

}  // namespace heed::support
