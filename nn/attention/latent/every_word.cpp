#include "nn/attention/latent/every_word.h"

#include <algorithm>
#include <cmath>

#include "autograd/kernels/blas.h"
#include "autograd/kernels/registers.h"

namespace heed::latent {

double mix(const double* prior, const std::vector<double>& x, double* ratio) {
  constexpr double lowest = -std::numeric_limits<double>::infinity();
  double peak = lowest, total = 0;
  for (size_t i = 0; i < x.size(); ++i)
    if (prior[i] != 0) peak = x[i] > peak || std::isnan(x[i]) ? x[i] : peak;
  if (peak == lowest) peak = 0;
  for (size_t i = 0; i < x.size(); ++i)
    if (prior[i] != 0) total += prior[i] * std::exp(x[i] - peak);
  const double log_p = peak + std::log(total);
  for (size_t i = 0; i < x.size(); ++i) ratio[i] = std::exp(x[i] - log_p);
  return log_p;
}

template <class T>
EveryWord<T>::EveryWord(const Factors<T>& scores, const Places& places)
    : scores_(scores),
      places_(places),
      log_mixture_(Tensor::empty({scores.n(), scores.vocabulary()}, scores.words.dtype())),
      weights_(Tensor::zeros({scores.n(), scores.s()}, scores.words.dtype())),
      inverse_sums_(Tensor::zeros({scores.n(), scores.s()}, scores.words.dtype())),
      ratios_(places.prior.size(), 0) {
  set_weights();
  scores.each_block([this](const Block& block) {
    mix_block(block);
    mix_directly(block);
    blas::multiply(inverse_sums_, inverse(block), false, block.places, true, 1);
  });
  const T* sums = inverse_sums_.data<T>();
  for (size_t k = 0; k < ratios_.size(); ++k)
    if (sums[k] != 0)
      ratios_[k] += std::exp(-places.log_z[k] - log_scale_[k / static_cast<size_t>(scores.s())]) * sums[k];
}

template <class T>
void EveryWord<T>::set_weights() {
  const int64_t s = scores_.s();
  T* weight = weights_.mutable_data<T>();
  for (int64_t t = 0; t < scores_.n(); ++t) {
    const double *prior = places_.prior.data() + t * s, *log_z = places_.log_z.data() + t * s;
    double scale = -std::numeric_limits<double>::infinity();
    for (int64_t i = 0; i < s; ++i)
      if (prior[i] != 0) scale = std::max(scale, -log_z[i]);
    log_scale_.push_back(scale);
    for (int64_t i = 0; i < s; ++i)
      if (prior[i] != 0) weight[t * s + i] = static_cast<T>(prior[i] * std::exp(-log_z[i] - scale));
  }
}

// log M - c of a block's words, and which of them are to be done directly.
template <class T>
void EveryWord<T>::mix_block(const Block& block) {
  Tensor mixture = columns(log_mixture_, block.first, block.count);
  blas::multiply(mixture, weights_, false, block.places, false);
  direct_.emplace_back();
  for (int64_t t = 0; t < scores_.n(); ++t) {
    T* row = mixture.mutable_data<T>() + t * mixture.strides()[0];
    for (int64_t v = 0; v < block.count; ++v)
      if (row[v] < kTooSmall<T>) direct_.back().emplace_back(t, block.first + v);
    each_register<T>(0, block.count, [&](auto at) { at.store(row, log(at.load(row))); });
  }
}

template <class T>
void EveryWord<T>::mix_directly(const Block& block) {
  const int64_t s = scores_.s();
  std::vector<double> ratio(static_cast<size_t>(s));
  for (const auto& [t, v] : direct_[static_cast<size_t>(block.number)]) {
    const double log_mixture = mix(places_.prior.data() + t * s, given(t, v), ratio.data());
    log_mixture_.mutable_data<T>()[t * scores_.vocabulary() + v] =
        static_cast<T>(log_mixture - log_scale_[static_cast<size_t>(t)]);
    for (int64_t i = 0; i < s; ++i) ratios_[static_cast<size_t>(t * s + i)] += ratio[static_cast<size_t>(i)];
  }
}

// log p(v | t, i) less what is the same for all places.
template <class T>
std::vector<double> EveryWord<T>::given(int64_t t, int64_t v) const {
  std::vector<double> x;
  for (int64_t i = 0; i < scores_.s(); ++i)
    x.push_back(scores_.place_score(i, v) - places_.log_z[static_cast<size_t>(t * scores_.s() + i)]);
  return x;
}

// e^(c_t) / M_tv, and 0 for what is done directly: [n, count]
template <class T>
Tensor EveryWord<T>::inverse(const Block& block) const {
  const Tensor mixture = columns(log_mixture_, block.first, block.count);
  Tensor result = Tensor::empty(mixture.shape(), mixture.dtype());
  T* to = result.mutable_data<T>();
  for (int64_t t = 0; t < scores_.n(); ++t) {
    const T* row = mixture.data<T>() + t * mixture.strides()[0];
    each_register<T>(0, block.count, [&](auto at) { at.store(to + t * block.count, exp(-at.load(row))); });
  }
  for (const auto& [t, v] : direct_[static_cast<size_t>(block.number)]) to[t * block.count + v - block.first] = 0;
  return result;
}

// Calls use(v, log p(v | t)) for every word. In double: B_tv - b_t and c_t may be large, and cancel out.
template <class T>
template <class Use>
void EveryWord<T>::each_log(int64_t t, Use use) const {
  const int64_t size = scores_.vocabulary();
  const T *b = scores_.words.template data<T>() + t * scores_.words.strides()[0],
          *mixture = log_mixture_.data<T>() + t * size;
  const double shift = log_scale_[static_cast<size_t>(t)] - scores_.word_peaks[static_cast<size_t>(t)];
  for (int64_t v = 0; v < size; ++v) use(v, (static_cast<double>(b[v]) + shift) + static_cast<double>(mixture[v]));
}

template <class T>
double EveryWord<T>::sum_of_logs(int64_t t) const {
  double total = 0;
  each_log(t, [&](int64_t, double log_p) { total += log_p; });
  return total;
}

template <class T>
Tensor EveryWord<T>::log_probabilities() const {
  Tensor result = Tensor::empty({scores_.n(), scores_.vocabulary()}, log_mixture_.dtype());
  T* row = result.mutable_data<T>();
  for (int64_t t = 0; t < scores_.n(); ++t, row += scores_.vocabulary())
    each_log(t, [&](int64_t v, double log_p) { row[v] = static_cast<T>(log_p); });
  return result;
}

template <class T>
void EveryWord<T>::subtract_posteriors(const Block& block, const std::vector<double>& scale, Tensor& from) const {
  Tensor scaled = inverse(block);
  T* rows = scaled.mutable_data<T>();
  for (int64_t t = 0; t < scores_.n(); ++t) {
    const Vec<T> by(static_cast<T>(scale[static_cast<size_t>(t)]));
    each_register<T>(t * block.count, (t + 1) * block.count, [&](auto at) { at.store(rows, at.load(rows) * by); });
  }
  blas::multiply(from, weights_, true, scaled, false, 1, -1);
}

template <class T>
void EveryWord<T>::subtract_direct(const Block& block, const std::vector<double>& scale, Tensor& from) const {
  const int64_t s = scores_.s();
  std::vector<double> ratio(static_cast<size_t>(s));
  for (const auto& [t, v] : direct_[static_cast<size_t>(block.number)]) {
    const double* prior = places_.prior.data() + t * s;
    mix(prior, given(t, v), ratio.data());
    for (int64_t i = 0; i < s; ++i)
      if (prior[i] != 0)
        from.mutable_data<T>()[i * block.count + v - block.first] -=
            static_cast<T>(scale[static_cast<size_t>(t)] * prior[i] * ratio[static_cast<size_t>(i)]);
  }
}

template class EveryWord<float>;
template class EveryWord<double>;

}  // namespace heed::latent
