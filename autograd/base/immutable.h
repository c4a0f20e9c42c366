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

  // While one lives in a thread, `numbers` are what stands still for this thread; null: nothing does. The innermost
  // that lives counts, in whatever order they end: a tape may end before a pause inside it does.
  class Scope {
   public:
    explicit Scope(Immutable& numbers) : Scope(&numbers) {}
    explicit Scope(Immutable* numbers) : numbers_(numbers), around_(std::exchange(innermost(), this)) {}
    ~Scope() {
      Scope** at = &innermost();
      while (*at && *at != this) at = &(*at)->around_;
      if (*at) *at = around_;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    friend class Immutable;
    static Scope*& innermost() {  // of this thread
      thread_local Scope* scope = nullptr;
      return scope;
    }
    Immutable* numbers_;
    Scope* around_;
  };
  // Of this thread; null outside of every scope.
  static Immutable* current() { return Scope::innermost() ? Scope::innermost()->numbers_ : nullptr; }

 private:
  struct Entry {
    const void* type;
    std::shared_ptr<void> cache;
  };

  Immutable* in_common_;
  std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace heed
