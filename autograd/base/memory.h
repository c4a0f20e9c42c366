// Memory for tensors. Training asks for much the same sizes at every step, so blocks that are given back are
// kept and handed out again; the system is asked only while the first steps run.
//
// Small blocks are kept in lists by size, by each thread for itself; large ones come from a heap that all
// threads share (heap.h). Any thread may give back any block.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heed::memory {

// A block of at least `bytes` bytes, aligned to 64. Throws heed::Error when the system has none left.
void* allocate(size_t bytes);

// Gives back a block of allocate(bytes), with the same `bytes`.
void release(void* block, size_t bytes) noexcept;

// Bytes in use now, the most that were in use since the last reset, and bytes held from the system.
// Each thread reports in steps of 64 KiB, so the figures are exact to 64 KiB a thread.
int64_t live_bytes();
int64_t peak_bytes();
int64_t held_bytes();
void reset_peak();

// Hands blocks that nobody uses back to the system.
void trim();

}  // namespace heed::memory
