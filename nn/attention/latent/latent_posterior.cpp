#include "nn/attention/latent/latent_posterior.h"

#include <cmath>
#include <limits>

#include "autograd/kernels/registers.h"
#include "autograd/ops/extrema.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/masks/comparisons.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/record.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/latent/checks.h"
#include "nn/attention/latent/every_word.h"
#include "nn/attention/rows/row_scores.h"
#include "nn/losses/cross_entropy.h"
#include "nn/losses/cross_entropy_kernel.h"

namespace heed {
namespace {

// All dense and checked.
struct Question {
  Tensor scores, places, alpha;  // B [n, V], G [M, V], alpha [n, S]
  SharedMask mask;
  Tensor words;  // y i64 [n]

  int64_t n() const { return scores.size(0); }
  int64_t vocabulary() const { return scores.size(1); }
  size_t at(int64_t t, int64_t i) const { return static_cast<size_t>(t * mask->width + i); }
};

Question checked(const char* name, const Tensor& scores, const Tensor& places, const Tensor& alpha,
                 const SharedMask& mask, const Tensor& words) {
  check_defined(name, scores, places, alpha, words);
  latent::check_places(name, scores, places, alpha, mask);
  if (words.dtype() != DType::i64 || !(words.shape() == Shape{scores.size(0)}))
    throw Error("{}: the words of {} must be i64 [{}], got {}", name, describe(scores), scores.size(0),
                describe(words));
  return {densify(scores), densify(places), densify(alpha), mask,
          detail::checked_targets(name, words, scores.size(1), std::nullopt)};
}

// What the gradient needs of the way there.
template <class T>
struct Found {
  std::vector<detail::RowSum<T>> sums;  // Z [n, S]
  std::vector<double> ratio;            // p(y | i) / p(y) [n, S]
  std::vector<double> total;            // sum_i alpha_ti [n]
};

// to = B_t + G_row
template <class T>
void add_scores(const Question& q, int64_t t, int64_t row, std::vector<T>& to) {
  const int64_t size = q.vocabulary();
  const T *b = q.scores.data<T>() + t * size, *g = q.places.data<T>() + row * size;
  each_register<T>(0, size, [&](auto at) { at.store(to.data(), at.load(b) + at.load(g)); });
}

template <class T>
Tensor posterior(const Question& q, Found<T>& found) {
  Tensor r = Tensor::zeros(q.alpha.shape(), q.alpha.dtype());
  const auto numbers = static_cast<size_t>(q.alpha.numel());
  found = {std::vector<detail::RowSum<T>>(numbers), std::vector<double>(numbers, 0), {}};
  std::vector<T> x(static_cast<size_t>(q.vocabulary()));
  for (int64_t t = 0; t < q.n(); ++t) {
    std::vector<double> prior, log_p;
    double total = 0;
    for (int64_t i = 0; i < q.mask->lengths[static_cast<size_t>(t)]; ++i) {
      prior.push_back(static_cast<double>(q.alpha.data<T>()[q.at(t, i)]));
      total += prior.back();
    }
    found.total.push_back(total);
    if (total == 0) continue;  // it is written from no place
    for (size_t i = 0; i < prior.size(); ++i) {
      add_scores(q, t, q.mask->row(t, static_cast<int64_t>(i)), x);
      const auto z = found.sums[q.at(t, static_cast<int64_t>(i))] =
          detail::sum_exponentials(x.data(), q.vocabulary());
      const auto score = static_cast<double>(x[static_cast<size_t>(q.words.data<int64_t>()[t])]);
      log_p.push_back(score - static_cast<double>(z.shift) - std::log(static_cast<double>(z.sum)));
      prior[i] /= total;
    }
    latent::mix(prior.data(), log_p, found.ratio.data() + q.at(t, 0));
    for (size_t i = 0; i < prior.size(); ++i)
      if (prior[i] != 0) r.mutable_data<T>()[q.at(t, 0) + i] = static_cast<T>(prior[i] * found.ratio[q.at(t, 0) + i]);
  }
  return r;
}

// With x_ti = log p(y_t | t, i),  dr_j/dx_i = r_j ([i = j] - r_i);  so that with slope_i = dr_i - sum_j r_j dr_j
//     dx_i = r_i slope_i,   dB_v and dG_iv += dx_i ([v = y] - p(v | t, i)),   dalpha_i = slope_i ratio_i / total
template <class T>
void add_gradient(const Question& q, const Found<T>& found, const Tensor& dr, T* dscores, T* dplaces, T* dalpha) {
  constexpr double most = std::numeric_limits<T>::max();
  const int64_t size = q.vocabulary();
  std::vector<T> x(static_cast<size_t>(size)), dx(x.size());
  for (int64_t t = 0; t < q.n(); ++t) {
    const double total = found.total[static_cast<size_t>(t)];
    if (total == 0) continue;
    const auto r = [&](int64_t i) {
      const double alpha = static_cast<double>(q.alpha.data<T>()[q.at(t, i)]);
      return alpha == 0 ? 0 : alpha / total * found.ratio[q.at(t, i)];
    };
    const int64_t places = q.mask->lengths[static_cast<size_t>(t)], y = q.words.data<int64_t>()[t];
    double mean = 0;
    for (int64_t i = 0; i < places; ++i) mean += r(i) * static_cast<double>(dr.data<T>()[q.at(t, i)]);
    for (int64_t i = 0; i < places; ++i) {
      const double slope = static_cast<double>(dr.data<T>()[q.at(t, i)]) - mean;
      if (slope == 0) continue;  // also where the ratio is infinite
      if (dalpha)
        dalpha[q.at(t, i)] += static_cast<T>(std::clamp(slope / total * found.ratio[q.at(t, i)], -most, most));
      const double by_x = r(i) * slope;
      if (by_x == 0 || !(dscores || dplaces)) continue;
      const int64_t row = q.mask->row(t, i);
      add_scores(q, t, row, x);
      const auto z = found.sums[q.at(t, i)];
      detail::row_gradient<T>(dx.data(), x.data(), nullptr, size, z.shift, static_cast<T>(-by_x / z.sum), T(0), true);
      dx[static_cast<size_t>(y)] += static_cast<T>(by_x);
      if (dscores) add_row(dscores + t * size, dx.data(), size);
      if (dplaces) add_row(dplaces + row * size, dx.data(), size);
    }
  }
}

}  // namespace

Tensor latent_posterior(const Tensor& scores, const Tensor& place_scores, const Tensor& alpha, const SharedMask& mask,
                        const Tensor& words) {
  const Question q = checked("latent_posterior", scores, place_scores, alpha, mask, words);
  const auto definition = [mask, words = q.words](const Tensor& b, const Tensor& g, const Tensor& a) {
    return latent_posterior_plain(b, g, a, mask, words);
  };
  return dispatch_float(scores.dtype(), "latent_posterior", [&]<class T>(T) {
    Found<T> found;
    const Tensor r = posterior(q, found);
    const auto kernel = [q, found = std::move(found)](const Tensor& dr, InPlace& d) {
      SuitablePlace dscores(d, 0, q.scores, is_dense), dplaces(d, 1, q.places, is_dense),
          dalpha(d, 2, q.alpha, is_dense);
      for (SuitablePlace* place : {&dscores, &dplaces, &dalpha}) place->zero();
      add_gradient(q, found, densify(dr), dscores.data<T>(), dplaces.data<T>(), dalpha.data<T>());
      for (SuitablePlace* place : {&dscores, &dplaces, &dalpha}) place->finish();
    };
    return record("latent_posterior", {scores, place_scores, alpha}, r,
                  by_definition(definition, std::array{scores, place_scores, alpha}), kernel);
  });
}

Tensor latent_posterior_plain(const Tensor& scores, const Tensor& place_scores, const Tensor& alpha,
                              const SharedMask& mask, const Tensor& words) {
  const Question q = checked("latent_posterior_plain", scores, place_scores, alpha, mask, words);
  const DType dtype = scores.dtype();
  const int64_t n = q.n();
  const Tensor zero = Tensor::zeros({}, dtype), nowhere = Tensor::full({}, -INFINITY, dtype);
  const Tensor given = log_softmax(unsqueeze(scores, 1) + attended_rows(place_scores, *mask, n), -1);  // [n, S, V]
  const Tensor said = unsqueeze(to(one_hot(q.words, q.vocabulary()), dtype), 1);
  const Tensor x = sum(where(not_equal(said, 0), given, zero), {2});  // log p(y | t, i) [n, S]
  const Tensor weights = where(mask_tensor(*mask, n), alpha, zero);
  // Of places that have a weight; how likely another one is, is cut off before it would be infinite.
  const Tensor peak = detach(amax(where(not_equal(weights, 0), x, nowhere), {1}, true));
  const Tensor most = Tensor::full({}, dtype == DType::f32 ? 80 : 700, dtype);
  const Tensor joint = weights * exp(minimum(x - where(equal(peak, -INFINITY), zero, peak), most));
  const Tensor total = sum(joint, {1}, true), nothing = equal(sum(weights, {1}, true), 0);  // where nothing is chosen
  return where(nothing, zero, joint) / where(nothing, Tensor::full({}, 1, dtype), total);
}

}  // namespace heed
