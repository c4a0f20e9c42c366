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

void Heap::add_spare() {
  const auto added = spare_.by_address.emplace(nullptr, 0);
  try {
    spare_.by_size.emplace(0, nullptr);
  } catch (...) {
    spare_.by_address.erase(added);
    throw;
  }
}

void Heap::add_free(Address begin, size_t size) noexcept {
  auto by_address = spare_.by_address.extract(spare_.by_address.begin());
  by_address.key() = begin;
  by_address.mapped() = size;
  free_.insert(std::move(by_address));
  auto by_size = spare_.by_size.extract(spare_.by_size.begin());
  by_size.value() = {size, begin};
  by_size_.insert(std::move(by_size));
}

void Heap::remove_free(ByAddress::iterator block) noexcept {
  auto by_size = by_size_.extract(by_size_.find({block->second, block->first}));
  by_size.value() = {0, nullptr};
  spare_.by_size.insert(spare_.by_size.begin(), std::move(by_size));
  auto by_address = free_.extract(block);
  by_address.key() = nullptr;
  spare_.by_address.insert(spare_.by_address.begin(), std::move(by_address));
}

void Heap::grow(size_t size) {
  const size_t least = round_up(size, kHugePage);
  size_t bytes = std::max(least, kSegment);
  add_spare();
  const auto entry = segments_.emplace(nullptr, 0).first;  // room for it; never two, since this cannot fail below
  void* segment = std::aligned_alloc(kHugePage, bytes);
  while (!segment && bytes > least) {
    bytes = std::max(least, bytes / 2 / kHugePage * kHugePage);
    segment = std::aligned_alloc(kHugePage, bytes);
  }
  auto node = segments_.extract(entry);
  if (!segment) throw OutOfMemory("out of memory: the system has no block of {} bytes left", size);
#ifdef MADV_HUGEPAGE
  madvise(segment, bytes, MADV_HUGEPAGE);  // fewer pages to look up; only a wish
#endif
  held_ += bytes;
  node.key() = static_cast<Address>(segment);
  node.mapped() = bytes;
  segments_.insert(std::move(node));
  add_free(static_cast<Address>(segment), bytes);
}

void* Heap::allocate(size_t bytes) {
  const size_t size = round_up(bytes, kGrain);
  const std::lock_guard lock(mutex_);
  if (spare_.by_size.size() <= handed_out_) add_spare();
  auto fit = by_size_.lower_bound({size, nullptr});
  if (fit == by_size_.end()) {
    grow(size);
    fit = by_size_.lower_bound({size, nullptr});
  }
  const auto [found, begin] = *fit;
  remove_free(free_.find(begin));
  if (found > size) add_free(begin + size, found - size);
  ++handed_out_;
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
    remove_free(next);
  }
  auto before = free_.lower_bound(begin);
  if (before != free_.begin() && !segments_.contains(begin)) {
    --before;
    if (before->first + before->second == begin) {
      begin = before->first;
      size += before->second;
      remove_free(before);
    }
  }
  add_free(begin, size);
  --handed_out_;
}

void Heap::trim() {
  const std::lock_guard lock(mutex_);
  for (auto segment = segments_.begin(); segment != segments_.end();) {
    const auto found = free_.find(segment->first);
    if (found == free_.end() || found->second != segment->second) {
      ++segment;
      continue;
    }
    remove_free(found);
    held_ -= segment->second;
    std::free(segment->first);
    segment = segments_.erase(segment);
  }
}

}  // namespace heed::memory
