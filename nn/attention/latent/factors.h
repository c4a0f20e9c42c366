// Sums over the vocabulary as products of matrices:  sum_v e^(B_tv + G_iv) = sum_v e^(B_tv) e^(G_iv).
//
// With b_t and g_i, the largest scores of their rows, e^(B_tv - b_t) and e^(G_iv - g_i) are from 0 to 1, and
// nothing overflows. They are made for a block of the vocabulary at a time, which stays in the cache, so that
// neither stands in memory whole.
#pragma once

#include <limits>
#include <vector>

#include "autograd/base/tensor.h"

namespace heed::latent {

// A sum of such products below this is not to be trusted: what has been lost by underflow is at most V times
// the smallest normal number, so above it the relative error is below V 1e-12. (1e-26 in f32, 2e-296 in f64.)
template <class T>
constexpr T kTooSmall = std::numeric_limits<T>::min() * T(1e12);

template <class T>
struct Factors {
  Tensor words, places;                         // B [n, V], G [s, V], rows dense
  std::vector<double> word_peaks, place_peaks;  // b [n], g [s]

  struct Block {
    int64_t number, first, count;  // of all blocks; the words of the vocabulary in it
    Tensor words, places;          // e^(B - b) [n, count], e^(G - g) [s, count]
  };

  Factors(const Tensor& words, const Tensor& places);

  int64_t n() const { return words.size(0); }
  int64_t s() const { return places.size(0); }
  int64_t vocabulary() const { return words.size(1); }
  double word_score(int64_t t, int64_t v) const {  // B_tv - b_t
    return words.data<T>()[t * words.strides()[0] + v] - word_peaks[static_cast<size_t>(t)];
  }
  double place_score(int64_t i, int64_t v) const {  // G_iv - g_i
    return places.data<T>()[i * places.strides()[0] + v] - place_peaks[static_cast<size_t>(i)];
  }

  int64_t width() const;  // of all blocks but the last
  Block block(int64_t number) const;
  template <class Use>
  void each_block(Use use) const {
    for (int64_t number = 0; number * width() < vocabulary(); ++number) use(block(number));
  }
};

// Columns first .. first + count - 1 of a matrix, a view.
inline Tensor columns(const Tensor& x, int64_t first, int64_t count) {
  return x.view({x.size(0), count}, x.strides(), first * x.strides()[1]);
}

}  // namespace heed::latent
