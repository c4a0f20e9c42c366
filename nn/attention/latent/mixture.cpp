#include "nn/attention/latent/mixture.h"

#include <cmath>

#include "autograd/kernels/blas.h"
#include "autograd/kernels/registers.h"

namespace heed::latent {
namespace {

// x *= by, of one shape and dense
template <class T>
void multiply_by(Tensor& x, const Tensor& by) {
  T* to = x.mutable_data<T>();
  const T* factor = by.data<T>();
  each_register<T>(0, x.numel(), [&](auto at) { at.store(to, at.load(to) * at.load(factor)); });
}

}  // namespace

template <class T>
Mixture<T>::Mixture(const Tensor& words, const Tensor& places, std::vector<double> prior)
    : scores_(words, places), places_{std::move(prior), {}} {
  find_normalizers();
}

template <class T>
void Mixture<T>::find_normalizers() {
  Tensor z = Tensor::zeros({scores_.n(), scores_.s()}, scores_.words.dtype());
  scores_.each_block([&](const Block& block) { blas::multiply(z, block.words, false, block.places, true, 1); });
  places_.log_z.reserve(places_.prior.size());
  for (int64_t t = 0; t < scores_.n(); ++t)
    for (int64_t i = 0; i < scores_.s(); ++i) {
      const T sum = z.data<T>()[at(t, i)];
      const bool directly = sum < kTooSmall<T>;
      if (directly) direct_.emplace_back(t, i);
      places_.log_z.push_back(directly ? summed_directly(t, i) : std::log(static_cast<double>(sum)));
    }
}

template <class T>
double Mixture<T>::summed_directly(int64_t t, int64_t i) const {
  double peak = -std::numeric_limits<double>::infinity(), sum = 0;
  const auto score = [&](int64_t v) { return scores_.word_score(t, v) + scores_.place_score(i, v); };
  for (int64_t v = 0; v < scores_.vocabulary(); ++v) peak = std::max(peak, score(v));
  for (int64_t v = 0; v < scores_.vocabulary(); ++v) sum += std::exp(score(v) - peak);
  return peak + std::log(sum);
}

template <class T>
std::vector<double> Mixture<T>::losses(const std::vector<int64_t>& targets, double smoothing) {
  targets_ = targets;
  smoothing_ = smoothing;
  if (smoothing != 0) every_word_.emplace(scores_, places_);
  target_ratio_.resize(places_.prior.size());
  std::vector<double> result, x(static_cast<size_t>(scores_.s()));
  for (int64_t t = 0; t < scores_.n(); ++t) {
    const int64_t y = targets[static_cast<size_t>(t)];
    for (int64_t i = 0; i < scores_.s(); ++i)
      x[static_cast<size_t>(i)] = scores_.word_score(t, y) + scores_.place_score(i, y) - places_.log_z[at(t, i)];
    const double log_p = mix(places_.prior.data() + at(t, 0), x, target_ratio_.data() + at(t, 0));
    const double hit = smoothing == 1 ? 0 : (smoothing - 1) * log_p;
    result.push_back(every_word_ ? hit - uniform() * every_word_->sum_of_logs(t) : hit);
  }
  ratio_ = target_ratio_;
  if (every_word_)
    for (size_t k = 0; k < ratio_.size(); ++k)
      ratio_[k] = (1 - smoothing) * ratio_[k] + uniform() * every_word_->ratios()[k];
  return result;
}

template <class T>
std::vector<double> Mixture<T>::posterior() const {
  std::vector<double> result(target_ratio_.size(), 0);
  for (size_t k = 0; k < result.size(); ++k)
    if (places_.prior[k] != 0) result[k] = places_.prior[k] * target_ratio_[k];
  return result;
}

// scale_t R_ti / Z_ti, and 0 for the pairs that are summed directly: [n, s]
template <class T>
Tensor Mixture<T>::posterior_by_z(const std::vector<double>& scale) const {
  Tensor result = Tensor::zeros({scores_.n(), scores_.s()}, scores_.words.dtype());
  T* to = result.mutable_data<T>();
  for (int64_t t = 0; t < scores_.n(); ++t)
    for (int64_t i = 0; i < scores_.s(); ++i)
      if (const size_t k = at(t, i); places_.prior[k] != 0)
        to[k] = static_cast<T>(scale[static_cast<size_t>(t)] * places_.prior[k] * ratio_[k] *
                               std::exp(-places_.log_z[k]));
  for (const auto& [t, i] : direct_) to[at(t, i)] = 0;
  return result;
}

template <class T>
void Mixture<T>::to_gradients(const std::vector<double>& scale) {
  const Tensor by_z = posterior_by_z(scale);
  scores_.each_block([&](const Block& block) { to_gradients(block, by_z, scale); });
  subtract_targets(scale);
}

template <class T>
void Mixture<T>::to_gradients(const Block& block, const Tensor& by_z, const std::vector<double>& scale) {
  std::vector<double> spread = scale;
  for (double& each : spread) each *= uniform();
  Tensor dwords = Tensor::empty(block.words.shape(), by_z.dtype());
  Tensor dplaces = Tensor::empty(block.places.shape(), by_z.dtype());
  blas::multiply(dwords, by_z, false, block.places, false);
  blas::multiply(dplaces, by_z, true, block.words, false);
  if (every_word_) every_word_->subtract_posteriors(block, spread, dplaces);
  multiply_by<T>(dwords, block.words);
  multiply_by<T>(dplaces, block.places);
  add_direct(block, scale, dwords, dplaces);
  if (every_word_) {
    every_word_->subtract_direct(block, spread, dplaces);
    T* to = dwords.mutable_data<T>();
    for (int64_t t = 0; t < scores_.n(); ++t)
      for (int64_t v = 0; v < block.count; ++v)
        to[t * block.count + v] -= static_cast<T>(spread[static_cast<size_t>(t)]);
  }
  Tensor words = columns(scores_.words, block.first, block.count);
  Tensor places = columns(scores_.places, block.first, block.count);
  copy_into(words, dwords);
  copy_into(places, dplaces);
}

template <class T>
void Mixture<T>::add_direct(const Block& block, const std::vector<double>& scale, Tensor& dwords,
                            Tensor& dplaces) const {
  for (const auto& [t, i] : direct_) {
    const size_t k = at(t, i);
    if (places_.prior[k] == 0) continue;
    const double posterior = scale[static_cast<size_t>(t)] * places_.prior[k] * ratio_[k];
    T *of_word = dwords.mutable_data<T>() + t * block.count, *of_place = dplaces.mutable_data<T>() + i * block.count;
    for (int64_t v = 0; v < block.count; ++v) {
      const double score = scores_.word_score(t, block.first + v) + scores_.place_score(i, block.first + v);
      const T share = static_cast<T>(posterior * std::exp(score - places_.log_z[k]));
      of_word[v] += share;
      of_place[v] += share;
    }
  }
}

template <class T>
void Mixture<T>::subtract_targets(const std::vector<double>& scale) {
  T* const dwords = scores_.words.template mutable_data<T>();
  T* const dplaces = scores_.places.template mutable_data<T>();
  for (int64_t t = 0; t < scores_.n(); ++t) {
    const int64_t y = targets_[static_cast<size_t>(t)];
    const double hit = (1 - smoothing_) * scale[static_cast<size_t>(t)];
    dwords[t * scores_.words.strides()[0] + y] -= static_cast<T>(hit);
    for (int64_t i = 0; i < scores_.s(); ++i)
      if (const size_t k = at(t, i); places_.prior[k] != 0)
        dplaces[i * scores_.places.strides()[0] + y] -= static_cast<T>(hit * places_.prior[k] * target_ratio_[k]);
  }
}

template <class T>
Tensor Mixture<T>::log_probabilities() const {
  return EveryWord<T>(scores_, places_).log_probabilities();
}

template class Mixture<float>;
template class Mixture<double>;

}  // namespace heed::latent
