// What the tests of mixtures over places have in common: words with their places, the loss in two ways, and
// how far apart all its numbers are.
#pragma once

#include "autograd/ops/softmax.h"
#include "nn/attention/latent/latent_cross_entropy.h"
#include "nn/attention/latent/latent_posterior.h"
#include "tests/nn/checks.h"

namespace heed::test {

// Words of three sentences, with their places in common or apart; some that have none, or only weights of 0.
struct Words {
  Tensor units, places, alpha, targets;
  Linear output;
  SharedMask mask;

  Words in(DType dtype) const {
    Words other = *this;
    for (Tensor* x : {&other.units, &other.places, &other.alpha, &other.output.weight, &other.output.bias})
      if (*x) *x = copy_of(*x, dtype);
    return other;
  }
};

inline Words some_words(int64_t vocabulary, double size, int64_t repeats = 1, bool sums_to_one = true) {
  Rng rng(5);
  const auto mask = std::make_shared<AttentionMask>();
  mask->width = 3;
  mask->annotations = 7;
  Words w;
  std::vector<int64_t> targets;
  for (int64_t k = 0; k < repeats; ++k) {
    for (int64_t row : {0, 2, 5, 1, 3, -1, -1, -1, -1, 0, 2, 5, 6, -1, -1, 4, 4, 3}) mask->rows.push_back(row);
    for (int64_t length : {3, 2, 0, 3, 1, 3}) mask->lengths.push_back(length);
    for (int64_t t = 0; t < 6; ++t) targets.push_back(rng.below(vocabulary));
  }
  const int64_t n = 6 * repeats;
  w.mask = mask;
  w.targets = Tensor::from(targets);
  w.units = rng.normal({n, 4}, 0, size, DType::f64);
  w.places = rng.normal({7, 4}, 0, size, DType::f64);
  w.output = in_f64(Linear(4, vocabulary, rng));
  w.alpha = rng.uniform({n, 3}, 0.1, sums_to_one ? 0.9 : 0.2, DType::f64);
  if (sums_to_one) w.alpha = softmax(w.alpha * 3, -1);
  double* alpha = w.alpha.mutable_data<double>();
  alpha[1] = 0;      // a place that is not looked at
  alpha[4 * 3] = 0;  // a word that looks nowhere
  return w;
}

using LatentLossOf = Tensor (*)(const Words&, const CrossEntropyOptions&);
inline Tensor fast(const Words& w, const CrossEntropyOptions& o) {
  return latent_cross_entropy(w.units, w.places, w.output, w.alpha, w.mask, w.targets, o).loss;
}
inline Tensor plain(const Words& w, const CrossEntropyOptions& o) {
  return latent_cross_entropy_plain(w.units, w.places, w.output, w.alpha, w.mask, w.targets, o);
}
// The loss and all gradients in one list, those of separate losses with weights of their own.
inline std::vector<double> everything(LatentLossOf loss, const Words& w, const CrossEntropyOptions& o) {
  Tape tape;
  const Tensor y = loss(w, o);
  std::vector<Tensor> of{w.units, w.places, w.alpha, w.output.weight};
  if (w.output.bias) of.push_back(w.output.bias);
  const Tensor upstream = copy_of(random_tensor(y.shape(), 8), y.dtype());
  std::vector<double> all = y.to_vector();
  for (const Tensor& g : tape.gradients({y}, {upstream}, of))
    for (double number : g.to_vector()) all.push_back(number);
  return all;
}
// Of the posterior that the next step reads.
inline std::vector<double> posterior_and_gradients(decltype(&latent_posterior) posterior, const Words& w) {
  Tape tape;
  const Tensor b = w.output(w.units), g = linear(w.places, w.output.weight);
  const Tensor r = posterior(b, g, w.alpha, w.mask, w.targets);
  const Tensor upstream = copy_of(random_tensor(r.shape(), 8), r.dtype());
  std::vector<double> all = r.to_vector();
  for (const Tensor& d : tape.gradients({r}, {upstream}, {w.units, w.places, w.alpha, w.output.weight}))
    for (double number : d.to_vector()) all.push_back(number);
  return all;
}
inline double apart(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double error = std::abs(a[i] - b[i]) / std::max(1.0, std::abs(b[i]));
    most = error > most || std::isnan(error) ? error : most;
  }
  return most;
}

}  // namespace heed::test
