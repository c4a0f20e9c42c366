// CRC-32C: a checksum of 32 bits that notices every flipped bit, every swapped pair of bytes and almost every
// other damage. The bytes are read as one long binary polynomial; the checksum is its remainder after
// division by the Castagnoli polynomial 0x1EDC6F41 (G. Castagnoli, S. Braeuer, M. Herrmann, IEEE Trans. Comm.
// 41, 1993; RFC 3720).
#pragma once

#include <cstddef>
#include <cstdint>

namespace heed {

// The checksum of `bytes` bytes. `before` is the checksum of what came before them, so a long text can be
// summed in pieces: crc32c("ab") == crc32c("b", crc32c("a")).
uint32_t crc32c(const void* data, size_t bytes, uint32_t before = 0);

}  // namespace heed
