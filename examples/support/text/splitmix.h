// A tiny generator of random numbers for data: SplitMix64 (Steele, Lea and Flood, "Fast splittable
// pseudorandom number generators", 2014). Text is generated and shuffled with whole numbers alone, so a seed
// gives the same corpus and the same batches with every compiler and on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "autograd/base/rng.h"

namespace heed::support {

class SplitMix {
 public:
  explicit SplitMix(uint64_t seed) : state_(seed) {}

  uint64_t next() { return mix_bits(state_ += 0x9E3779B97F4A7C15u); }

  // One of 0, 1, .., count - 1, for count > 0. 33 random bits make the bias of the remainder harmless here.
  int below(int count) { return static_cast<int>((next() >> 31) % static_cast<uint64_t>(count)); }

  bool chance(int percent) { return below(100) < percent; }

  // Fisher and Yates: every order is equally likely.
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[next() % i]);
  }

 private:
  uint64_t state_;
};

}  // namespace heed::support
