// A tiny generator of random numbers for data: SplitMix64 (Steele, Lea and Flood, "Fast splittable
// pseudorandom number generators", 2014). Text is generated and shuffled with whole numbers alone, so a seed
// gives the same corpus and the same batches with every compiler and on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
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

// Where the hash of a text lies among all hashes, 0 to 1: to cut data into splits that stay as they are when
// some is added. FNV-1a, whose bits are then mixed, because it is the highest ones that are compared.
inline double hash_position(std::string_view text) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return static_cast<double>(mix_bits(hash) >> 11) * 0x1p-53;
}

}  // namespace heed::support
