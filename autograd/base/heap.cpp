#include "autograd/base/heap.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>

#include "autograd/base/error.h"

namespace heed::memory {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;
// Asked of the system at least, if it has so much: addresses, for pages take memory only once they are
// touched. Blocks do not lie across two segments, so many small segments would leave many holes; in very
// large ones the room for large blocks is cut up by small ones.
constexpr size_t kSegment = size_t{128} << 20;

size_t round_up(size_t bytes, size_t grain) { return (bytes + grain - 1) / grain * grain; }

}  // namespace

void Heap::add_free(Address begin, size_t size) {
  free_.emplace(begin, size);
  by_size_.emplace(size, begin);
}

void Heap::remove_free(Address begin, size_t size) {
  free_.erase(begin);
  by_size_.erase({size, begin});
}

void Heap::grow(size_t size) {
  const size_t least = round_up(size, kHugePage);
  size_t bytes = std::max(least, kSegment);
  void* segment = std::aligned_alloc(kHugePage, bytes);
  while (!segment && bytes > least) {
    bytes = std::max(least, bytes / 2 / kHugePage * kHugePage);
    segment = std::aligned_alloc(kHugePage, bytes);
  }
  if (!segment) throw Error("out of memory: the system has no block of {} bytes left", size);
#ifdef MADV_HUGEPAGE
  madvise(segment, bytes, MADV_HUGEPAGE);  // fewer pages to look up; only a wish
#endif
  held_ += bytes;
  segments_.emplace(static_cast<Address>(segment), bytes);
  add_free(static_cast<Address>(segment), bytes);
}

void* Heap::allocate(size_t bytes) {
  const size_t size = round_up(bytes, kGrain);
  const std::lock_guard lock(mutex_);
  auto fit = by_size_.lower_bound({size, nullptr});
  if (fit == by_size_.end()) {
    grow(size);
    fit = by_size_.lower_bound({size, nullptr});
  }
  const auto [found, begin] = *fit;
  remove_free(begin, found);
  if (found > size) add_free(begin + size, found - size);
  return begin;
}

void Heap::release(void* block, size_t bytes) noexcept {
  Address begin = static_cast<Address>(block);
  size_t size = round_up(bytes, kGrain);
  const std::lock_guard lock(mutex_);
  // Neighbours within one segment become one. A segment never joins the next, so that it can be given back.
  auto next = free_.lower_bound(begin);
  if (next != free_.end() && next->first == begin + size && !segments_.contains(next->first)) {
    size += next->second;
    remove_free(Address(next->first), size_t(next->second));
  }
  auto before = free_.lower_bound(begin);
  if (before != free_.begin() && !segments_.contains(begin)) {
    --before;
    if (before->first + before->second == begin) {
      begin = before->first;
      size += before->second;
      remove_free(begin, size_t(before->second));
    }
  }
  add_free(begin, size);
}

void Heap::trim() {
  const std::lock_guard lock(mutex_);
  for (auto segment = segments_.begin(); segment != segments_.end();) {
    const auto found = free_.find(segment->first);
    if (found == free_.end() || found->second != segment->second) {
      ++segment;
      continue;
    }
    remove_free(segment->first, segment->second);
    held_ -= segment->second;
    std::free(segment->first);
    segment = segments_.erase(segment);
  }
}

}  // namespace heed::memory
