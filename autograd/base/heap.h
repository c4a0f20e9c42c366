// Large blocks of memory: cut from big segments by best fit, joined again with their
// neighbours when given back.
//
// Batches differ in length, so the sizes of tensors differ from step to step. Lists by size would end
// up holding the largest step of every size at once; a heap that splits and joins needs little more
// than the largest step.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <set>

namespace heed::memory {

class Heap {
 public:
  static constexpr size_t kGrain = 4096;  // sizes are rounded up to this, addresses are multiples of it

  void* allocate(size_t bytes);
  void release(void* block, size_t bytes) noexcept;
  size_t held() const { return held_; }  // bytes of addresses that the system has given
  void trim();                           // gives segments that are wholly free back to the system

 private:
  using Address = char*;
  void add_free(Address begin, size_t size);
  void remove_free(Address begin, size_t size);
  void grow(size_t size);

  std::mutex mutex_;
  std::map<Address, size_t> free_;                  // by address: neighbours find each other
  std::set<std::pair<size_t, Address>> by_size_;    // the same by size: the smallest that fits
  std::map<Address, size_t> segments_;
  size_t held_ = 0;
};

}  // namespace heed::memory
