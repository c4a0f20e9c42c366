// The mixture over places of some words that choose among the same places, and its gradient.
//
// Word t is written from place i with  p(v | t, i) = e^(B_tv + G_iv) / Z_ti,  and from some place with
//
//     p(v | t) = sum_i pi_ti p(v | t, i),      Z_ti = sum_v e^(B_tv) e^(G_iv)        a product of matrices
//
// pi being the prior, of sum 1. With R_ti the posterior of the places given the word y_t, of sum 1 like the
// prior, and the loss l_t = -log p(y_t | t):
//
//     R_ti = pi_ti p(y_t | t, i) / p(y_t | t)                 dl/dpi_ti = -R_ti / pi_ti
//     dl/dB_tv = e^(B_tv) sum_i (R_ti / Z_ti) e^(G_iv) - [v = y_t]                           a second product
//     dl/dG_iv = e^(G_iv) sum_t (R_ti / Z_ti) e^(B_tv) - sum_t R_ti [v = y_t]                a third
//
// Z falls towards 0 where the peaks of B_t and G_i lie on different words. Below kTooSmall it is summed
// directly, pair by pair, and so is what such a pair adds to the gradients.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "nn/attention/latent/every_word.h"
#include "nn/attention/latent/factors.h"

namespace heed::latent {

template <class T>
class Mixture {
 public:
  // Scores B [n, V] and G [s, V], rows dense; prior pi [n, s]. At least one place.
  Mixture(const Tensor& words, const Tensor& places, std::vector<double> prior);
  Mixture(const Mixture&) = delete;
  Mixture& operator=(const Mixture&) = delete;

  // For the words y [n] that came, the losses [n]: -(1-e) log p(y) - (e/V) sum_v log p(v), with smoothing e.
  std::vector<double> losses(const std::vector<int64_t>& targets, double smoothing);
  // After losses(): R [n, s], without smoothing.
  std::vector<double> posterior() const;
  // After losses(): R_ti / pi_ti, with smoothing, [n, s]. It may be infinite where the prior is 0.
  const std::vector<double>& ratio() const { return ratio_; }
  // After losses(), once: B and G become the gradients of sum_t scale_t loss_t by them.
  void to_gradients(const std::vector<double>& scale);

  Tensor log_probabilities() const;  // log p(v | t) of every word: [n, V]

 private:
  using Block = typename Factors<T>::Block;
  void find_normalizers();
  double summed_directly(int64_t t, int64_t i) const;
  Tensor posterior_by_z(const std::vector<double>& scale) const;
  void to_gradients(const Block& block, const Tensor& by_z, const std::vector<double>& scale);
  void add_direct(const Block& block, const std::vector<double>& scale, Tensor& dwords, Tensor& dplaces) const;
  void subtract_targets(const std::vector<double>& scale);

  size_t at(int64_t t, int64_t i) const { return static_cast<size_t>(t * scores_.s() + i); }
  double uniform() const { return smoothing_ / static_cast<double>(scores_.vocabulary()); }  // e / V

  Factors<T> scores_;
  Places places_;
  std::vector<std::pair<int64_t, int64_t>> direct_;  // the pairs (t, i) whose Z is summed directly
  std::vector<int64_t> targets_;
  double smoothing_ = 0;
  std::vector<double> target_ratio_, ratio_;
  std::optional<EveryWord<T>> every_word_;  // with smoothing
};

}  // namespace heed::latent
