#include "nn/attention/latent/of_scores.h"

#include <limits>

#include "nn/attention/latent/mixture.h"
#include "nn/attention/latent/rows_of_groups.h"

namespace heed::latent {
namespace {

template <class T>
Tensor rows_of(const Tensor& x, const Rows& rows) {
  Tensor result = Tensor::empty({static_cast<int64_t>(rows.size()), x.size(1)}, x.dtype());
  copy_rows<T>(result, 0, x, rows);
  return result;
}

// A group of words with its scores, which its mixture turns into their gradients.
template <class T>
struct Part {
  const Group& group;
  Tensor words, places;
  Mixture<T> mixture;

  Part(const Scores& scores, const Group& of, const Prior<T>& prior)
      : group(of),
        words(rows_of<T>(scores.words, of.words)),
        places(rows_of<T>(scores.places, of.rows)),
        mixture(words, places, prior.of(of)) {}
  bool chooses() const { return group.rows[0] != kNoPlace; }
};

template <class T, class Use>
void each_part(const Scores& scores, Use use) {
  const Prior<T> prior(scores.alpha, *scores.mask);
  const std::vector<bool> all(static_cast<size_t>(scores.words.size(0)), true);
  for (const Block& block : blocks(*scores.mask, all, prior.chooses()))
    for (const Group& group : block) {
      Part<T> part(scores, group, prior);
      use(part, prior);
    }
}

std::vector<int64_t> words_of(const Group& group, const Tensor& words) {
  std::vector<int64_t> result;
  for (const int64_t t : group.words) result.push_back(words.data<int64_t>()[t]);
  return result;
}

// The numbers of a group [n, s] out of the rows of a tensor [N, S].
template <class T>
std::vector<double> numbers_of(const Group& group, const Tensor& rows) {
  std::vector<double> result;
  for (const int64_t t : group.words)
    for (size_t i = 0; i < group.rows.size(); ++i)
      result.push_back(static_cast<double>(rows.data<T>()[t * rows.size(1) + static_cast<int64_t>(i)]));
  return result;
}

// And back: use(there, number).
template <class T, class Use>
void each_number(const Group& group, Tensor& rows, const std::vector<double>& numbers, Use use) {
  const double* next = numbers.data();
  for (const int64_t t : group.words)
    for (size_t i = 0; i < group.rows.size(); ++i)
      use(rows.mutable_data<T>()[t * rows.size(1) + static_cast<int64_t>(i)], *next++, t);
}

}  // namespace

Tensor log_probabilities(const Scores& scores) {
  Tensor result = Tensor::empty(scores.words.shape(), scores.words.dtype());
  if (result.numel() == 0) return result;
  dispatch_float(result.dtype(), "latent_log_probabilities", [&]<class T>(T) {
    each_part<T>(scores, [&](Part<T>& part, const Prior<T>&) {
      const Tensor found = part.mixture.log_probabilities();
      const int64_t size = found.size(1);
      for (size_t k = 0; k < part.group.words.size(); ++k)
        std::copy_n(found.data<T>() + static_cast<int64_t>(k) * size, size,
                    result.mutable_data<T>() + part.group.words[k] * size);
    });
  });
  return result;
}

Tensor posterior(const Scores& scores, const Tensor& words) {
  Tensor result = Tensor::zeros(scores.alpha.shape(), scores.alpha.dtype());
  dispatch_float(result.dtype(), "latent_posterior", [&]<class T>(T) {
    each_part<T>(scores, [&](Part<T>& part, const Prior<T>&) {
      if (!part.chooses()) return;
      part.mixture.losses(words_of(part.group, words), 0);
      each_number<T>(part.group, result, part.mixture.posterior(),
                     [](T& there, double number, int64_t) { there = static_cast<T>(number); });
    });
  });
  return result;
}

void add_posterior_gradients(const Scores& scores, const Tensor& words, const Tensor& upstream, Scores& to) {
  dispatch_float(upstream.dtype(), "latent_posterior", [&]<class T>(T) {
    each_part<T>(scores, [&](Part<T>& part, const Prior<T>& prior) {
      if (!part.chooses()) return;
      part.mixture.losses(words_of(part.group, words), 0);
      part.mixture.posterior_to_gradients(numbers_of<T>(part.group, upstream));
      if (to.words) add_to_rows<T>(to.words, part.group.words, part.words, 0);
      if (to.places) add_to_rows<T>(to.places, part.group.rows, part.places, 0);
      if (to.alpha)
        each_number<T>(part.group, to.alpha, part.mixture.ratio(), [&](T& there, double number, int64_t t) {
          there += static_cast<T>(within<T>(-number / prior.total(t)));
        });
    });
  });
}

}  // namespace heed::latent
