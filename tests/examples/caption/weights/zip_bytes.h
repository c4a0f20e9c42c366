// Zip files as others write them, entries stored, for tests of what reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heed::tests {

inline std::string little(uint64_t number, int bytes) {
  std::string text;
  for (; bytes > 0; --bytes, number >>= 8) text += static_cast<char>(number & 0xff);
  return text;
}

// CRC-32 as the zip format has it, bit by bit.
inline uint32_t zip_sum(std::string_view content) {
  uint32_t sum = ~uint32_t{0};
  for (const char c : content) {
    sum ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ (sum & 1 ? 0xedb88320U : 0);
  }
  return ~sum;
}

// `large`: with every size and place where zip64 has it, as if they had not enough bits elsewhere.
inline std::string zip_bytes(const std::vector<std::pair<std::string, std::string>>& entries, bool large = false) {
  std::string zip, directory;
  for (const auto& [name, content] : entries) {
    const uint32_t sum = zip_sum(content);
    const uint64_t size = content.size(), at = zip.size();
    const std::string common = little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(sum, 4);
    const std::string sizes = large ? std::string(8, '\xff') : little(size, 4) + little(size, 4);
    const std::string extra =
        large ? little(1, 2) + little(24, 2) + little(size, 8) + little(size, 8) + little(at, 8) : "";
    directory += "PK\1\2" + little(20, 2) + common + sizes + little(name.size(), 2) + little(extra.size(), 2) +
                 std::string(10, '\0') + (large ? std::string(4, '\xff') : little(at, 4)) + name + extra;
    zip += "PK\3\4" + common + sizes + little(name.size(), 2) + little(0, 2) + name + content;
  }
  const uint64_t at = zip.size(), bytes = directory.size(), count = entries.size();
  zip += directory;
  if (large) {
    const uint64_t end = zip.size();
    zip += "PK\6\6" + little(44, 8) + std::string(12, '\0') + little(count, 8) + little(count, 8) + little(bytes, 8) +
           little(at, 8);
    zip += "PK\6\7" + little(0, 4) + little(end, 8) + little(1, 4);
  }
  return zip + "PK\5\6" + little(0, 4) + little(count, 2) + little(count, 2) +
         (large ? std::string(8, '\xff') : little(bytes, 4) + little(at, 4)) + little(0, 2);
}

}  // namespace heed::tests
