#include "autograd/base/memory.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <utility>

#include "autograd/base/error.h"
#include "autograd/base/heap.h"

namespace heed::memory {
namespace {

// Small sizes are rounded up to one of eight steps between powers of two, at least a cache line:
// 64, 128, .., 512, 576, ..
constexpr size_t kLine = 64;
constexpr size_t kClasses = 8 * 7;
constexpr size_t kSmall = 16 << 10;  // larger blocks come from the heap
// The most that a thread keeps for itself. Blocks that others made and this one gave back gather here, so it is also what
// memory may grow by, for each thread, before it stays as it is.
constexpr size_t kKeptByThread = 1 << 20;
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

std::atomic<int64_t> live{0}, peak{0};

void report(int64_t change) {
  const int64_t now = live.fetch_add(change, std::memory_order_relaxed) + change;
  int64_t most = peak.load(std::memory_order_relaxed);
  while (now > most && !peak.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
  }
}

// Small blocks are cut from slabs, which are never given back.
std::atomic<int64_t> slabs{0};

// Free blocks by class, each with the next one's address in its first bytes: to put one back takes no memory.
struct Lists {
  std::array<void*, kClasses> first{};
  size_t bytes = 0;

  void* take(size_t index, size_t size) {
    void* const block = first[index];
    if (!block) return nullptr;
    std::memcpy(&first[index], block, sizeof(void*));
    bytes -= size;
    return block;
  }
  void put(size_t index, size_t size, void* block) {
    std::memcpy(block, &first[index], sizeof(void*));
    first[index] = block;
    bytes += size;
  }
};

struct Shared {
  std::mutex mutex;
  Lists lists;
  char *slab = nullptr, *slab_end = nullptr;
  Heap heap;

  void* take(size_t index, size_t size) {
    const std::lock_guard lock(mutex);
    if (void* block = lists.take(index, size)) return block;
    if (slab_end - slab < static_cast<ptrdiff_t>(size)) {
      constexpr size_t bytes = 256 << 10;
      char* const more = static_cast<char*>(std::aligned_alloc(kLine, bytes));
      if (!more) throw OutOfMemory("out of memory: the system has no block of {} bytes left", bytes);
      slab = more;
      slab_end = slab + bytes;
      slabs += bytes;
    }
    return std::exchange(slab, slab + size);
  }
  void put(size_t index, size_t size, void* block) {
    const std::lock_guard lock(mutex);
    lists.put(index, size, block);
  }
};

Shared& shared() {
  static Shared* const lists = new Shared;  // never destroyed: threads may end after main
  return *lists;
}

// A thread's own lists: null before the first use, and again when they are gone (`ended`). Tensors may end after them:
// those of static variables, and of thread-local ones that are older than the lists.
struct PerThread;
thread_local constinit PerThread* current = nullptr;
thread_local constinit bool ended = false;

struct PerThread {
  Lists lists;
  int64_t unreported = 0;

  ~PerThread() {
    current = nullptr;
    ended = true;
    report(unreported);
    for (size_t index = 0; index < kClasses; ++index)
      while (void* block = lists.take(index, size_of(index))) shared().put(index, size_of(index), block);
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

// Null when they are gone.
PerThread* own_lists() {
  if (!current && !ended) current = &mine;
  return current;
}

void count(PerThread* own, int64_t change) {
  if (own) own->count(change);
  else report(change);
}

}  // namespace

void* allocate(size_t bytes) {
  PerThread* const own = own_lists();
  if (bytes > kSmall) {
    void* block = shared().heap.allocate(bytes);
    count(own, static_cast<int64_t>(bytes));
    return block;
  }
  const size_t index = class_of(bytes), size = size_of(index);
  count(own, static_cast<int64_t>(size));
  void* block = own ? own->lists.take(index, size) : nullptr;
  return block ? block : shared().take(index, size);
}

void release(void* block, size_t bytes) noexcept {
  PerThread* const own = own_lists();
  if (bytes > kSmall) {
    count(own, -static_cast<int64_t>(bytes));
    return shared().heap.release(block, bytes);
  }
  const size_t index = class_of(bytes), size = size_of(index);
  count(own, -static_cast<int64_t>(size));
  if (own && own->lists.bytes < kKeptByThread) own->lists.put(index, size, block);
  else shared().put(index, size, block);
}

int64_t live_bytes() {
  const PerThread* const own = own_lists();
  return live.load() + (own ? own->unreported : 0);
}
int64_t peak_bytes() { return std::max(peak.load(), live_bytes()); }
int64_t held_bytes() { return slabs.load() + static_cast<int64_t>(shared().heap.held()); }
void reset_peak() { peak = live.load(); }
void trim() { shared().heap.trim(); }

}  // namespace heed::memory
