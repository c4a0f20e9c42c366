// Large blocks of memory: cut from big segments by best fit, joined again with their
// neighbours when given back.
//
// Batches differ in length, so the sizes of tensors differ from step to step. Lists by size would end
// up holding the largest step of every size at once; a heap that splits and joins needs little more
// than the largest step.
//
// To give a block back never asks for memory: when there is none left, it is given back most of all. So what a free
// block will need of the books is made when the block is handed out (`spare_`).
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <set>

namespace heed::memory {

class Heap {
 public:
  static constexpr size_t kGrain = 4096;  // sizes are rounded up to this, addresses are multiples of it

  // Throws OutOfMemory or std::bad_alloc, and is then as it was.
  void* allocate(size_t bytes);
  void release(void* block, size_t bytes) noexcept;
  size_t held() const { return held_; }  // bytes of addresses that the system has given
  void trim();                           // gives segments that are wholly free back to the system

 private:
  using Address = char*;
  using ByAddress = std::multimap<Address, size_t>;
  using BySize = std::multiset<std::pair<size_t, Address>>;
  void add_spare();
  void add_free(Address begin, size_t size) noexcept;
  void remove_free(ByAddress::iterator block) noexcept;
  void grow(size_t size);

  std::mutex mutex_;
  ByAddress free_;         // neighbours find each other
  BySize by_size_;         // the same: the smallest that fits
  size_t handed_out_ = 0;  // blocks
  // Nodes of both: at least one each for every block that is handed out.
  struct {
    ByAddress by_address;
    BySize by_size;
  } spare_;
  std::map<Address, size_t> segments_;
  size_t held_ = 0;
};

}  // namespace heed::memory
