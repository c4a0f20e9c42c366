// Random numbers, by counting.
//
// The n-th number of a stream is a scrambling of n: mix(key + n * gamma), with the mixer of SplitMix
// (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014), which passes the usual
// batteries of tests. There is no state but the position, so a stream can be saved as three numbers,
// continued anywhere, and computed many at a time.
//
//     Rng rng(seed);
//     Rng mine = rng.split(step).split(shard);      // a stream of its own for each shard of each step
//
// The distributions are heed's own, not the C++ library's: a seed gives the same model with every compiler.
// The tensors are filled with the same numbers in f32 and f64, up to rounding.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "autograd/base/tensor.h"

namespace heed {

// The mixer of SplitMix, of one 64-bit word or a vector of them: every bit that comes out depends on every one
// that went in, and no two words give the same.
template <class Bits>
constexpr Bits mix_bits(Bits z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

class Rng {
 public:
  using State = std::array<uint64_t, 3>;  // key, gamma, position

  explicit Rng(uint64_t seed = 0);
  explicit Rng(const State& state);  // throws if `state` cannot come from state()
  // Draws nothing: its tensors are zeros, and cost no time. For a model whose numbers a file has.
  static Rng none();
  bool is_none() const { return gamma_ == 0; }  // of a stream it is odd
  State state() const { return {key_, gamma_, position_}; }

  // An independent stream, named by `key`. The same key always gives the same stream, wherever this one
  // stands; so put into the key whatever the streams must differ by.
  Rng split(uint64_t key) const;

  // --- single numbers
  uint64_t bits();                                    // 64 random bits
  double uniform() { return to_unit(bits()); }        // in [0, 1), a multiple of 2^-53
  int64_t below(int64_t n);                           // 0 .. n-1, each equally likely; throws if n < 1
  double normal();                                    // mean 0, deviation 1
  bool bernoulli(double p) { return uniform() < p; }  // true with probability p
  // Index i with probability weights[i] / sum, from one uniform number. Throws unless the weights are
  // finite, not negative, and not all zero.
  int64_t categorical(std::span<const double> weights);

  // --- orders
  std::vector<int64_t> permutation(int64_t n);  // 0 .. n-1, every order equally likely
  template <class T>
  void shuffle(std::span<T> items) {
    for (size_t i = items.size(); i > 1; --i)
      std::swap(items[i - 1], items[static_cast<size_t>(below(static_cast<int64_t>(i)))]);
  }

  // --- whole tensors, never recorded
  Tensor uniform(const Shape& shape, double low, double high, DType dtype = DType::f32);  // in [low, high)
  Tensor normal(const Shape& shape, double mean, double sd, DType dtype = DType::f32);
  // 1 with probability p, else 0.
  Tensor bernoulli_mask(const Shape& shape, double p, DType dtype = DType::f32);
  // One index for each line of `weights` [.., n] along its last axis -> i64 [..].
  Tensor categorical(const Tensor& weights);

 private:
  static double to_unit(uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }
  // Hands the next `count` numbers to use(start, block), in blocks of one size, the last in part.
  template <class Use>
  void by_blocks(int64_t count, Use use);

  uint64_t key_, gamma_, position_ = 0;
};

}  // namespace heed
