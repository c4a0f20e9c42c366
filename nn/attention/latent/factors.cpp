#include "nn/attention/latent/factors.h"

#include <algorithm>
#include <cmath>

#include "autograd/kernels/registers.h"

namespace heed::latent {
namespace {

constexpr int64_t kNumbersOfBlock = 1 << 16;  // 256 KB in f32

template <class T>
double largest_of_row(const T* x, int64_t n) {
  Vec<T> peak(x[0]);
  each_register<T>(0, n, [&](auto at) { peak = maximum(peak, at.load(x)); });
  T most = peak.lanes[0];
  for (int k = 1; k < Vec<T>::width; ++k)
    if (peak.lanes[k] > most || peak.lanes[k] != peak.lanes[k]) most = peak.lanes[k];
  return static_cast<double>(most);
}

template <class T>
std::vector<double> peaks(const Tensor& x) {
  std::vector<double> all;
  for (int64_t row = 0; row < x.size(0); ++row)
    all.push_back(largest_of_row(x.data<T>() + row * x.strides()[0], x.size(1)));
  return all;
}

// e^(x - peak) of some columns; what would be below the normal numbers, with which products are slow, is 0.
template <class T>
Tensor exponentials(const Tensor& x, const std::vector<double>& peaks, int64_t first, int64_t count) {
  const Vec<T> lowest(std::log(std::numeric_limits<T>::min()));
  Tensor e = Tensor::empty({x.size(0), count}, x.dtype());
  for (int64_t row = 0; row < x.size(0); ++row) {
    const T* from = x.data<T>() + row * x.strides()[0] + first;
    T* to = e.mutable_data<T>() + row * count;
    const Vec<T> peak(static_cast<T>(peaks[static_cast<size_t>(row)]));
    each_register<T>(0, count, [&](auto at) {
      const Vec<T> below = at.load(from) - peak;
      at.store(to, where(below < lowest, Vec<T>(T(0)), exp(below)));
    });
  }
  return e;
}

}  // namespace

template <class T>
Factors<T>::Factors(const Tensor& b, const Tensor& g)
    : words(b), places(g), word_peaks(peaks<T>(b)), place_peaks(peaks<T>(g)) {}

template <class T>
int64_t Factors<T>::width() const {
  return std::max<int64_t>(kNumbersOfBlock / (n() + s()) / 64 * 64, 256);
}

template <class T>
typename Factors<T>::Block Factors<T>::block(int64_t number) const {
  const int64_t first = number * width(), count = std::min(width(), vocabulary() - first);
  return {number, first, count, exponentials<T>(words, word_peaks, first, count),
          exponentials<T>(places, place_peaks, first, count)};
}

template struct Factors<float>;
template struct Factors<double>;

}  // namespace heed::latent
