#include "autograd/memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "autograd/error.h"

namespace heed::memory {
namespace {

// Sizes are rounded up to one of eight steps between powers of two, at least a cache line: 64, 128, .., 512, 576, ..
constexpr size_t kLine = 64;
constexpr size_t kClasses = 8 * 40;
constexpr size_t kSmall = 16 << 10;           // what a thread keeps for itself
constexpr size_t kKeptByThread = 4 << 20;     // the most that it keeps
constexpr size_t kHugePage = size_t{2} << 20;
constexpr int64_t kReportStep = 64 << 10;

size_t class_of(size_t bytes) {
  const size_t lines = (std::max<size_t>(bytes, 1) + kLine - 1) / kLine;
  if (lines <= 8) return lines - 1;
  const size_t shift = std::bit_width(lines - 1) - 4;
  return 8 * shift + ((lines - 1) >> shift);
}

size_t size_of(size_t index) {
  if (index < 8) return (index + 1) * kLine;
  const size_t shift = index / 8 - 1;
  return ((index - 8 * shift) + 1) * (kLine << shift);
}

std::atomic<int64_t> live{0}, peak{0}, held{0};

void report(int64_t change) {
  const int64_t now = live.fetch_add(change, std::memory_order_relaxed) + change;
  int64_t most = peak.load(std::memory_order_relaxed);
  while (now > most && !peak.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
  }
}

void* from_system(size_t size) {
  const size_t alignment = size >= kHugePage ? kHugePage : kLine;
  void* block = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (!block) throw Error("out of memory: the system has no block of {} bytes left", size);
#ifdef MADV_HUGEPAGE
  if (size >= kHugePage) madvise(block, size, MADV_HUGEPAGE);
#endif
  held += size;
  return block;
}

struct Lists {
  std::array<std::vector<void*>, kClasses> blocks;
  size_t bytes = 0;

  void* take(size_t index) {
    auto& list = blocks[index];
    if (list.empty()) return nullptr;
    void* block = list.back();
    list.pop_back();
    bytes -= size_of(index);
    return block;
  }
  void put(size_t index, void* block) {
    blocks[index].push_back(block);
    bytes += size_of(index);
  }
};

struct Shared {
  std::mutex mutex;
  Lists lists;

  // A block of this class or of one of the next two, so that lengths which vary a little share their memory.
  void* take(size_t& index) {
    const std::lock_guard lock(mutex);
    for (size_t near = index; near < std::min(index + 3, kClasses); ++near)
      if (void* block = lists.take(near)) return block;
    return nullptr;
  }
  void put(size_t index, void* block) {
    const std::lock_guard lock(mutex);
    lists.put(index, block);
  }
  void free_all() {
    const std::lock_guard lock(mutex);
    for (size_t index = 0; index < kClasses; ++index)
      while (void* block = lists.take(index)) {
        held -= size_of(index);
        std::free(block);
      }
  }
};

Shared& shared() {
  static Shared* const lists = new Shared;  // never destroyed: threads may end after main
  return *lists;
}

struct PerThread {
  Lists lists;
  int64_t unreported = 0;

  ~PerThread() {
    report(unreported);
    for (size_t index = 0; index < kClasses; ++index)
      while (void* block = lists.take(index)) shared().put(index, block);
  }
  void count(int64_t change) {
    unreported += change;
    if (unreported >= kReportStep || unreported <= -kReportStep) {
      report(unreported);
      unreported = 0;
    }
  }
};

thread_local PerThread mine;

}  // namespace

void* allocate(size_t bytes) {
  const size_t index = class_of(bytes);
  if (index >= kClasses) throw Error("out of memory: a block of {} bytes was asked for", bytes);
  const size_t size = size_of(index);
  mine.count(static_cast<int64_t>(size));
  if (size <= kSmall)
    if (void* block = mine.lists.take(index)) return block;
  size_t found = index;
  if (void* block = shared().take(found)) return block;
  return from_system(size);
}

void release(void* block, size_t bytes) noexcept {
  const size_t index = class_of(bytes);
  const size_t size = size_of(index);
  mine.count(-static_cast<int64_t>(size));
  if (size <= kSmall && mine.lists.bytes < kKeptByThread)
    mine.lists.put(index, block);
  else
    shared().put(index, block);
}

int64_t live_bytes() { return live.load() + mine.unreported; }
int64_t peak_bytes() { return std::max(peak.load(), live_bytes()); }
int64_t held_bytes() { return held.load(); }
void reset_peak() { peak = live.load(); }
void trim() { shared().free_all(); }

}  // namespace heed::memory
