#include "autograd/base/rng.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <numbers>

#include "autograd/base/simd.h"

namespace heed {
namespace {

constexpr int64_t kBlock = 256;
constexpr int kLanes = kVectorBytes / 8;
typedef uint64_t Wide __attribute__((vector_size(kVectorBytes)));

constexpr uint64_t kGolden = 0x9e3779b97f4a7c15;  // 2^64 / golden ratio

// An odd step for the counter. Steps with long runs of equal bits would leave neighbouring numbers alike.
uint64_t mix_gamma(uint64_t z) {
  z = mix_bits(z) | 1;
  return std::popcount(z ^ (z >> 1)) < 24 ? z ^ 0xaaaaaaaaaaaaaaaa : z;
}

}  // namespace

Rng::Rng(uint64_t seed) : key_(mix_bits(seed)), gamma_(mix_gamma(seed + kGolden)) {}

Rng::Rng(const State& state) : key_(state[0]), gamma_(state[1]), position_(state[2]) {
  if (gamma_ % 2 == 0)
    throw Error("Rng: the state {}, {}, {} is damaged: its second number must be odd", state[0], state[1], state[2]);
}

Rng Rng::none() {
  Rng rng;
  rng.key_ = rng.gamma_ = 0;
  return rng;
}

Rng Rng::split(uint64_t key) const {
  if (is_none()) return *this;
  // Both halves of this stream's identity enter, each through the mixer, so that split(a).split(b) differs
  // from split(b).split(a) and no two keys meet.
  const uint64_t inner = mix_bits(key_ + mix_bits(key + kGolden) * gamma_);
  return Rng(State{mix_bits(inner ^ gamma_), mix_gamma(inner + kGolden), 0});
}

uint64_t Rng::bits() { return mix_bits(key_ + ++position_ * gamma_); }

int64_t Rng::below(int64_t n) {
  if (n < 1) throw Error("Rng::below: there is no number below {}; n must be at least 1", n);
  const uint64_t count = static_cast<uint64_t>(n);
  const uint64_t excess = -count % count;  // 2^64 mod n: so many numbers too many for a fair division
  uint64_t number;
  do number = bits();
  while (number < excess);
  return static_cast<int64_t>(number % count);
}

// Box and Muller (1958): a point whose squared radius is exponential and whose angle is uniform
// has two normal coordinates.
double Rng::normal() {
  const double radius = std::sqrt(-2 * std::log1p(-uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

int64_t Rng::categorical(std::span<const double> weights) {
  double total = 0;
  int64_t last = -1;  // that can be drawn: where rounding in the walk below may end
  for (size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] >= 0) || std::isinf(weights[i]))
      throw Error("categorical: weight {} is {}; weights must be finite and not negative", i, weights[i]);
    total += weights[i];
    if (weights[i] > 0) last = static_cast<int64_t>(i);
  }
  if (last < 0)
    throw Error("categorical: all {} weights are zero, so there is nothing to choose from", weights.size());
  double left = uniform() * total;
  for (int64_t i = 0; i < last; ++i) {
    left -= weights[static_cast<size_t>(i)];
    if (left < 0) return i;
  }
  return last;
}

std::vector<int64_t> Rng::permutation(int64_t n) {
  std::vector<int64_t> order(static_cast<size_t>(n));
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
  shuffle(std::span(order));
  return order;
}

template <class Use>
void Rng::by_blocks(int64_t count, Use use) {
  uint64_t block[kBlock];
  Wide steps;
  for (int i = 0; i < kLanes; ++i) steps[i] = static_cast<uint64_t>(i + 1) * gamma_;
  for (int64_t start = 0; start < count; start += kBlock) {
    Wide z = steps + (key_ + (position_ + static_cast<uint64_t>(start)) * gamma_);
    for (int64_t i = 0; i < kBlock; i += kLanes, z += kLanes * gamma_) {
      const Wide number = mix_bits(z);
      std::memcpy(block + i, &number, sizeof number);
    }
    use(start, block);
  }
  position_ += static_cast<uint64_t>(count);
}

namespace {

// Stores what f makes of each number of the block. A whole block is converted even where only its beginning
// is kept: a loop of fixed length is what compilers vectorise.
template <class T, class F>
void store_block(T* to, int64_t start, int64_t count, F f) {
  T values[kBlock];
  for (int64_t i = 0; i < kBlock; ++i) values[i] = f(i);
  std::memcpy(to + start, values, static_cast<size_t>(std::min(kBlock, count - start)) * sizeof(T));
}

}  // namespace

Tensor Rng::uniform(const Shape& shape, double low, double high, DType dtype) {
  if (!(low <= high)) throw Error("Rng::uniform: the interval [{}, {}) is upside down", low, high);
  if (is_none()) return Tensor::zeros(shape, dtype);
  Tensor result = Tensor::empty(shape, dtype);
  dispatch_float(dtype, "Rng::uniform", [&]<class T>(T) {
    T* to = result.mutable_data<T>();
    // Rounding to T may reach `high` itself, which does not belong to the interval.
    const T most = std::nextafter(static_cast<T>(high), static_cast<T>(low));
    const double range = high - low;
    by_blocks(result.numel(), [&](int64_t start, const uint64_t* block) {
      store_block(to, start, result.numel(), [&](int64_t i) {
        const T x = static_cast<T>(low + range * to_unit(block[i]));
        return x > most ? most : x;
      });
    });
  });
  return result;
}

Tensor Rng::normal(const Shape& shape, double mean, double sd, DType dtype) {
  if (!(sd >= 0)) throw Error("Rng::normal: the standard deviation is {}, but must be at least 0", sd);
  if (is_none()) return Tensor::zeros(shape, dtype);
  Tensor result = Tensor::empty(shape, dtype);
  const int64_t count = result.numel(), pairs = (count + 1) / 2;
  dispatch_float(dtype, "Rng::normal", [&]<class T>(T) {
    T* to = result.mutable_data<T>();
    by_blocks(2 * pairs, [&](int64_t start, const uint64_t* block) {
      for (int64_t i = 0; i < kBlock && start + i < count; i += 2) {
        const double radius = sd * std::sqrt(-2 * std::log1p(-to_unit(block[i])));
        const double angle = 2 * std::numbers::pi * to_unit(block[i + 1]);
        to[start + i] = static_cast<T>(mean + radius * std::cos(angle));
        if (start + i + 1 < count) to[start + i + 1] = static_cast<T>(mean + radius * std::sin(angle));
      }
    });
  });
  return result;
}

Tensor Rng::bernoulli_mask(const Shape& shape, double p, DType dtype) {
  if (!(p >= 0 && p <= 1)) throw Error("Rng::bernoulli_mask: {} is not a probability; it must lie in [0, 1]", p);
  Tensor result = Tensor::empty(shape, dtype);
  // bits >> 11 < p 2^53 says the same as uniform() < p, in whole numbers.
  const auto limit = static_cast<int64_t>(std::ceil(p * 0x1p53));
  dispatch_any(dtype, [&]<class T>(T) {
    T* to = result.mutable_data<T>();
    by_blocks(result.numel(), [&](int64_t start, const uint64_t* block) {
      store_block(to, start, result.numel(),
                  [&](int64_t i) { return static_cast<int64_t>(block[i] >> 11) < limit ? T(1) : T(0); });
    });
  });
  return result;
}

Tensor Rng::categorical(const Tensor& weights) {
  if (weights.rank() == 0) throw Error("categorical: wants weights along a last axis, got {}", describe(weights));
  Shape shape = weights.shape();
  const int64_t n = shape[shape.rank() - 1];
  shape.erase(shape.rank() - 1);
  Tensor result = Tensor::empty(shape, DType::i64);
  const std::vector<double> numbers = weights.to_vector();
  for (int64_t line = 0; line < result.numel(); ++line)
    result.mutable_data<int64_t>()[line] =
        categorical(std::span(numbers).subspan(static_cast<size_t>(line * n), static_cast<size_t>(n)));
  return result;
}

}  // namespace heed
