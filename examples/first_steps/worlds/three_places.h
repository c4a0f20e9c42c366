// A word is written from one of three places, which is drawn. From place i it has the probability e^(R_i).
// The scores of the places are to be learnt, so that the mean of R grows. With three places the gradient of
// that mean can be listed. With many it must be estimated, from draws; here are both.
#pragma once

#include <cmath>
#include <functional>

#include "autograd/base/rng.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/hard_attention.h"

namespace heed::draw {

using Numbers = std::vector<double>;
constexpr size_t kPlaces = 3, kDraws = 4;
inline const Numbers kScores = {std::log(2.0), 0, 0};  // alpha = 1/2, 1/4, 1/4
inline const Numbers kRewards = {-1, -2, -4};          // R_i = log p(word | place i)

// The gradient of the mean reward by the scores, all places listed.
inline Numbers listed(const Numbers& rewards) {
  const Tensor scores = Tensor::from(kScores);
  Tape tape;
  return tape.gradients(sum(softmax(scores) * Tensor::from(rewards)), {scores})[0].to_vector();
}

using Baseline = std::function<Numbers(const Numbers& earned)>;  // b of each draw, from what all earned

inline Baseline always(double b) {
  return [b](const Numbers& earned) { return Numbers(earned.size(), b); };
}
inline Baseline moving_mean() {  // of what was earned before; what is long ago counts less
  return [b = MovingBaseline()](const Numbers& earned) mutable {
    const Numbers now(earned.size(), b.value);
    for (const double r : earned) b.update(r);
    return now;
  };
}
inline Baseline mean_of_draws(bool with_own) {
  return [with_own](const Numbers& earned) {
    const double total = sum(Tensor::from(earned)).item(), count = double(earned.size());
    Numbers b;
    for (const double own : earned) b.push_back(with_own ? total / count : (total - own) / (count - 1));
    return b;
  };
}

// One estimate: the mean over some draws z of (R_z - b) d log p(z).
inline Numbers estimate(const Tensor& scores, const Numbers& rewards, const Baseline& baseline, Rng& rng) {
  Tensor choice = Tensor::zeros({kDraws, kPlaces}, DType::f64);  // a 1 at each draw's place
  Numbers earned;
  for (size_t k = 0; k < kDraws; ++k) {
    const auto place = static_cast<size_t>(rng.categorical(softmax(scores).to_vector()));
    choice.mutable_data<double>()[k * kPlaces + place] = 1;
    earned.push_back(rewards[place]);
  }
  const Tensor better = Tensor::from(earned) - Tensor::from(baseline(earned));  // no gradient goes this way
  Tape tape;
  const Tensor surrogate = mean(better * log_choice(expand(scores, choice.shape()), choice));
  return tape.gradients(surrogate, {scores})[0].to_vector();
}

}  // namespace heed::draw
