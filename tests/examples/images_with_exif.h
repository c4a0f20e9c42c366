// Picture files that say how the camera was held.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>

namespace heed::tests {

inline std::string big_endian(uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

// A JPEG or PNG file with EXIF data that hold that orientation and nothing else.
inline std::string with_orientation(const std::string& file, int orientation) {
  // TIFF, big-endian: one directory with one entry, tag 0x0112, of type SHORT.
  const std::string tiff = std::string("MM\0\x2a\0\0\0\x08", 8) + big_endian(1, 2) + big_endian(0x0112, 2) +
                           big_endian(3, 2) + big_endian(1, 4) + big_endian(static_cast<uint32_t>(orientation), 2) +
                           big_endian(0, 2) + big_endian(0, 4);
  if (file[0] == '\xff') {
    const std::string data = std::string("Exif\0\0", 6) + tiff;
    return file.substr(0, 2) + "\xff\xe1" + big_endian(static_cast<uint32_t>(data.size() + 2), 2) + data +
           file.substr(2);
  }
  constexpr size_t after_header = 8 + 12 + 13;
  const std::string chunk = "eXIf" + tiff;
  const uLong sum = crc32(0, reinterpret_cast<const Bytef*>(chunk.data()), static_cast<uInt>(chunk.size()));
  return file.substr(0, after_header) + big_endian(static_cast<uint32_t>(tiff.size()), 4) + chunk +
         big_endian(static_cast<uint32_t>(sum), 4) + file.substr(after_header);
}

}  // namespace heed::tests
