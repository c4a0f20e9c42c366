#include "autograd/files/crc32c.h"

#include <array>
#include <cstring>

namespace heed {
namespace {

// table[k][b]: the remainder of the byte b followed by k zero bytes. Eight tables let eight bytes go at once.
constexpr std::array<std::array<uint32_t, 256>, 8> make_tables() {
  constexpr uint32_t polynomial = 0x82F63B78;  // bits reversed: the lowest bit comes first
  std::array<std::array<uint32_t, 256>, 8> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ (rest & 1 ? polynomial : 0);
    table[0][byte] = rest;
  }
  for (size_t k = 1; k < 8; ++k)
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t rest = table[k - 1][byte];
      table[k][byte] = (rest >> 8) ^ table[0][rest & 255];
    }
  return table;
}

constexpr auto table = make_tables();

}  // namespace

uint32_t crc32c(const void* data, size_t bytes, uint32_t before) {
  const auto* at = static_cast<const unsigned char*>(data);
  uint32_t rest = ~before;
  for (; bytes >= 8; bytes -= 8, at += 8) {
#ifdef __SSE4_2__  // has an instruction for this polynomial, five times as fast
    uint64_t eight;
    std::memcpy(&eight, at, sizeof eight);
    rest = static_cast<uint32_t>(__builtin_ia32_crc32di(rest, eight));
#else
    rest ^= uint32_t{at[0]} | uint32_t{at[1]} << 8 | uint32_t{at[2]} << 16 | uint32_t{at[3]} << 24;
    rest = table[7][rest & 255] ^ table[6][(rest >> 8) & 255] ^ table[5][(rest >> 16) & 255] ^ table[4][rest >> 24] ^
           table[3][at[4]] ^ table[2][at[5]] ^ table[1][at[6]] ^ table[0][at[7]];
#endif
  }
  for (; bytes > 0; --bytes, ++at) rest = (rest >> 8) ^ table[0][(rest ^ *at) & 255];
  return ~rest;
}

}  // namespace heed
