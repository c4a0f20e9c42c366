#include "nn/attention/latent/solution.h"

#include <algorithm>
#include <limits>

#include "autograd/base/flops.h"
#include "autograd/kernels/blas.h"
#include "autograd/kernels/in_place.h"
#include "autograd/kernels/registers.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "nn/attention/latent/groups.h"
#include "nn/attention/latent/mixture.h"
#include "nn/losses/cross_entropy.h"

namespace heed::latent {
namespace {

using Rows = std::vector<int64_t>;

Tensor rows_from(const Tensor& x, int64_t first, size_t count) {
  return x.view({static_cast<int64_t>(count), x.size(1)}, x.strides(), first * x.strides()[0]);
}

// Rows of `from` are copied to those of `to` from row `at` on.
template <class T>
void copy_rows(Tensor& to, int64_t at, const Tensor& from, const Rows& rows) {
  const int64_t size = from.size(1);
  T* next = to.mutable_data<T>() + at * size;
  for (const int64_t row : rows) {
    if (row == kNoPlace) std::fill_n(next, size, T(0));
    else std::copy_n(from.data<T>() + row * size, size, next);
    next += size;
  }
}
// And the other way: those of `from` are added to the rows of `to`.
template <class T>
void add_to_rows(Tensor& to, const Rows& rows, const Tensor& from, int64_t at) {
  const int64_t size = from.size(1);
  T* sum = to.mutable_data<T>();
  const T* next = from.data<T>() + at * size;
  for (const int64_t row : rows) {
    if (row != kNoPlace) add_row(sum + row * size, next, size);
    next += size;
  }
}

// The prior of each word over its places: alpha with its sum at 1. A word whose sum is 0 chooses none.
template <class T>
class Prior {
 public:
  Prior(const Tensor& alpha, const AttentionMask& mask)
      : alpha_(alpha), total_(static_cast<size_t>(alpha.size(0)), 0) {
    each_row(mask, alpha.size(0), [&](int64_t t, int64_t i, int64_t) {
      total_[static_cast<size_t>(t)] += static_cast<double>(alpha.data<T>()[t * mask.width + i]);
    });
  }
  double total(int64_t t) const { return total_[static_cast<size_t>(t)]; }
  std::vector<bool> chooses() const {
    std::vector<bool> result;
    for (const double total : total_) result.push_back(total != 0);
    return result;
  }
  std::vector<double> of(const Group& group) const {  // [n, s]
    if (group.rows[0] == kNoPlace) return std::vector<double>(group.words.size(), 1);
    std::vector<double> pi;
    for (const int64_t t : group.words) {
      const T* row = alpha_.data<T>() + t * alpha_.size(1);
      for (size_t i = 0; i < group.rows.size(); ++i) pi.push_back(static_cast<double>(row[i]) / total(t));
    }
    return pi;
  }

 private:
  const Tensor& alpha_;
  std::vector<double> total_;
};

template <class T>
class Solver {
 public:
  Solver(const Problem& problem, const Tensor& scale, bool with_gradients)
      : p_(problem), scale_(scale), with_gradients_(with_gradients), prior_(p_.alpha, *p_.mask) {
    const auto like = [](const Tensor& x) { return x ? Tensor::zeros(x.shape(), x.dtype()) : Tensor(); };
    found_.losses = Tensor::zeros({p_.units.size(0)}, p_.units.dtype());
    found_.posterior = like(p_.alpha);
    if (!with_gradients) return;
    found_.dunits = like(p_.units);
    found_.dplaces = like(p_.places);
    found_.dweight = like(p_.weight);
    found_.dbias = like(p_.bias);
    found_.dalpha = like(p_.alpha);
  }
  Solution operator()() {
    std::vector<bool> counts;
    for (int64_t t = 0; t < p_.targets.numel(); ++t)
      counts.push_back(p_.targets.data<int64_t>()[t] != detail::kIgnored);
    for (const Block& block : blocks(*p_.mask, counts, prior_.chooses())) solve(block);
    return found_;
  }

 private:
  void solve(const Block& block) {
    Rows words, places;
    for (const Group& group : block) {
      words.insert(words.end(), group.words.begin(), group.words.end());
      places.insert(places.end(), group.rows.begin(), group.rows.end());
    }
    const auto n = static_cast<int64_t>(words.size());
    Tensor read = Tensor::empty({n + static_cast<int64_t>(places.size()), p_.units.size(1)}, p_.units.dtype());
    copy_rows<T>(read, 0, p_.units, words);
    copy_rows<T>(read, n, p_.places, places);
    Tensor scores = linear(read, p_.weight);  // B and below it G, then the gradients by them
    add_bias(scores, n);
    int64_t word = 0, place = n;
    for (const Group& group : block) {
      solve(group, rows_from(scores, word, group.words.size()), rows_from(scores, place, group.rows.size()));
      word += static_cast<int64_t>(group.words.size());
      place += static_cast<int64_t>(group.rows.size());
    }
    if (!with_gradients_) return;
    const UncountedProducts backward;
    if (found_.dbias) add_in_place(found_.dbias, sum(rows_from(scores, 0, words.size()), {0}));
    blas::multiply(found_.dweight, scores, true, read, false, 1);
    blas::multiply(read, scores, false, p_.weight, false);
    add_to_rows<T>(found_.dunits, words, read, 0);
    add_to_rows<T>(found_.dplaces, places, read, n);
  }

  void add_bias(Tensor& scores, int64_t n) const {
    if (!p_.bias) return;
    T* row = scores.mutable_data<T>();
    for (int64_t t = 0; t < n; ++t, row += scores.size(1)) add_row(row, p_.bias.data<T>(), scores.size(1));
  }

  void solve(const Group& group, const Tensor& scores, const Tensor& place_scores) {
    Mixture<T> mixture(scores, place_scores, prior_.of(group));
    Rows targets;
    std::vector<double> scale;
    for (const int64_t t : group.words) {
      targets.push_back(p_.targets.data<int64_t>()[t]);
      scale.push_back(scale_ ? static_cast<double>(scale_.data<T>()[t]) : 1);
    }
    const std::vector<double> losses = mixture.losses(targets, p_.smoothing);
    for (size_t k = 0; k < losses.size(); ++k)
      found_.losses.mutable_data<T>()[group.words[k]] = static_cast<T>(losses[k]);
    if (group.rows[0] != kNoPlace) keep(found_.posterior, group, mixture.posterior());
    if (!with_gradients_) return;
    const UncountedProducts backward;
    if (group.rows[0] != kNoPlace) keep(found_.dalpha, group, slopes(group, mixture.ratio(), scale));
    mixture.to_gradients(scale);
  }

  // Of the loss by alpha, at most the largest number.
  std::vector<double> slopes(const Group& group, std::vector<double> ratio, const std::vector<double>& scale) const {
    constexpr double most = std::numeric_limits<T>::max();
    for (size_t k = 0; k < ratio.size(); ++k) {
      const size_t word = k / group.rows.size();
      const double slope = scale[word] * (1 - ratio[k]) / prior_.total(group.words[word]);
      ratio[k] = slope < -most ? -most : slope > most ? most : slope;
    }
    return ratio;
  }

  // numbers [n, s] of a group into the rows of its words
  static void keep(Tensor& to, const Group& group, const std::vector<double>& numbers) {
    T* const rows = to.mutable_data<T>();
    const double* next = numbers.data();
    for (const int64_t t : group.words)
      for (size_t i = 0; i < group.rows.size(); ++i)
        rows[t * to.size(1) + static_cast<int64_t>(i)] = static_cast<T>(*next++);
  }

  const Problem& p_;
  const Tensor& scale_;
  const bool with_gradients_;
  const Prior<T> prior_;
  Solution found_;
};

}  // namespace

Solution solve(const Problem& problem, const Tensor& scale, bool with_gradients) {
  Immutable* const weights = Immutable::current();
  const Untaped pause;
  const Immutable::Scope scope(weights);  // no parameter is written to meanwhile
  return dispatch_float(problem.units.dtype(), "latent_cross_entropy",
                        [&]<class T>(T) { return Solver<T>(problem, scale, with_gradients)(); });
}

Tensor log_probabilities(const Tensor& scores, const Tensor& place_scores, const Tensor& alpha,
                         const SharedMask& mask) {
  Tensor result = Tensor::empty(scores.shape(), scores.dtype());
  if (result.numel() == 0) return result;
  dispatch_float(scores.dtype(), "latent_log_probabilities", [&]<class T>(T) {
    const Prior<T> prior(alpha, *mask);
    const std::vector<bool> all(static_cast<size_t>(scores.size(0)), true);
    for (const Block& block : blocks(*mask, all, prior.chooses()))
      for (const Group& group : block) {
        Tensor words = Tensor::empty({static_cast<int64_t>(group.words.size()), scores.size(1)}, scores.dtype());
        Tensor places = Tensor::empty({static_cast<int64_t>(group.rows.size()), scores.size(1)}, scores.dtype());
        copy_rows<T>(words, 0, scores, group.words);
        copy_rows<T>(places, 0, place_scores, group.rows);
        const Tensor found = Mixture<T>(words, places, prior.of(group)).log_probabilities();
        for (size_t k = 0; k < group.words.size(); ++k)
          std::copy_n(found.data<T>() + static_cast<int64_t>(k) * scores.size(1), scores.size(1),
                      result.mutable_data<T>() + group.words[k] * scores.size(1));
      }
  });
  return result;
}

}  // namespace heed::latent
