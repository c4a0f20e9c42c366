// While numbers stand still, what was made of them can be kept.
//
// A tape keeps every value as it is for as long as it lives; so does a decoder with the weights that it reads. What
// is computed from such numbers alone and read often (a weight in the order of a product's kernel, packed_weights.h)
// can be kept until then:
//
//     Immutable weights;                        // from here on nobody changes them
//     ..
//     const Immutable::Scope scope(weights);    // in each thread that reads them
//     Immutable::current()->cache<PackedWeights>()
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace heed {

class Immutable {
 public:
  // `in_common`: what others, too, hold still meanwhile. Caches may share there what they make.
  explicit Immutable(Immutable* in_common = nullptr) : in_common_(in_common) {}
  Immutable(const Immutable&) = delete;
  Immutable& operator=(const Immutable&) = delete;

  // The one Cache of its type that belongs to this, made when it is first asked for. Threads may ask at once.
  template <class Cache>
  Cache& cache() {
    static const char type = 0;
    const std::lock_guard lock(mutex_);
    for (const Entry& entry : entries_)
      if (entry.type == &type) return *static_cast<Cache*>(entry.cache.get());
    entries_.push_back({&type, std::make_shared<Cache>()});
    return *static_cast<Cache*>(entries_.back().cache.get());
  }
  // Lets go of all caches: the numbers may be changed then. No other thread may be using them.
  void clear() { entries_.clear(); }
  Immutable* in_common() const { return in_common_; }

  // While one lives in a thread, `numbers` are what stands still for this thread; null: nothing does.
  class Scope {
   public:
    explicit Scope(Immutable& numbers) : Scope(&numbers) {}
    explicit Scope(Immutable* numbers) : before_(std::exchange(slot(), numbers)) {}
    ~Scope() { slot() = before_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Immutable* before_;
  };
  static Immutable* current() { return slot(); }  // of this thread; null outside of every scope

 private:
  struct Entry {
    const void* type;
    std::shared_ptr<void> cache;
  };
  static Immutable*& slot() {
    thread_local Immutable* current = nullptr;
    return current;
  }

  Immutable* in_common_;
  std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace heed
