// How much memory there is, for work whose need is known before.
#pragma once

#include <cstdint>

namespace heed::support {

// Bytes that this process may still take: of the machine's memory, of its container's, and of its address
// space (ulimit -v), whichever is least. Without any figure, the largest number.
int64_t memory_left();

}  // namespace heed::support
