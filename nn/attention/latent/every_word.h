// The mixture  p(v | t) = sum_i pi_ti p(v | t, i)  of every word v, for label smoothing and beam search.
//
//     p(v | t) = e^(B_tv) M_tv,      M_tv = sum_i (pi_ti / Z_ti) e^(G_iv)        one product of matrices more
//
// with the weights pi_ti / Z_ti scaled to at most 1. A sum below kTooSmall is done again from logarithms.
#pragma once

#include <utility>
#include <vector>

#include "nn/attention/latent/factors.h"

namespace heed::latent {

// How likely each of s places is for each of n words, and what its word scores sum to.
struct Places {
  std::vector<double> prior;  // pi [n, s]: each word's sum is 1
  std::vector<double> log_z;  // log Z_ti - b_t - g_i, [n, s]
};

// Of x_i = log p(y | i) and a prior pi [s]: log p(y) = log sum_i pi_i e^(x_i), and ratio_i = p(y | i) / p(y).
double mix(const double* prior, const std::vector<double>& x, double* ratio);

template <class T>
class EveryWord {
 public:
  using Block = typename Factors<T>::Block;

  // What it is of must stay in memory while this is used.
  EveryWord(const Factors<T>& scores, const Places& places);

  // sum_v p(v | t, i) / p(v | t), [n, s]
  const std::vector<double>& ratios() const { return ratios_; }
  double sum_of_logs(int64_t t) const;  // sum_v log p(v | t)
  Tensor log_probabilities() const;     // [n, V]

  // Both subtract sum_t scale_t pi_ti p(v | t, i) / p(v | t) from a matrix [s, count] over a block's words:
  // the first what products give, but for the factor e^(G_iv - g_i), and the second what they cannot give.
  void subtract_posteriors(const Block& block, const std::vector<double>& scale, Tensor& from) const;
  void subtract_direct(const Block& block, const std::vector<double>& scale, Tensor& from) const;

 private:
  void set_weights();
  void mix_block(const Block& block);
  void mix_directly(const Block& block);
  Tensor inverse(const Block& block) const;
  std::vector<double> given(int64_t t, int64_t v) const;
  template <class Use>
  void each_log(int64_t t, Use use) const;

  const Factors<T>& scores_;
  const Places& places_;
  Tensor log_mixture_;             // log M_tv - c_t, B and G being less their peaks, [n, V]
  std::vector<double> log_scale_;  // c_t, the largest weight's logarithm [n]
  Tensor weights_;                 // pi_ti / Z_ti e^(-c_t), [n, s]
  Tensor inverse_sums_;            // sum_v e^(G_iv - g_i) e^(c_t) / M_tv, [n, s]
  std::vector<double> ratios_;
  std::vector<std::vector<std::pair<int64_t, int64_t>>> direct_;  // of each block, the (t, v) done directly
};

}  // namespace heed::latent
