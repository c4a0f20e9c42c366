#include "examples/page/views/meddling.h"

#include <cmath>
#include <numeric>

namespace heed::page {

Meddling meddling_of(const Json& request) {
  Meddling meddling;
  const Json by_step = request.value("weights", Json::object());
  for (const auto& [step, weights] : by_step.items())
    meddling.weights[std::stoll(step)] = weights.get<std::vector<double>>();
  meddling.hidden = request.value("hidden", std::vector<int64_t>());
  return meddling;
}

Tensor meddled(const Tensor& alpha, const Meddling& meddling, int64_t step) {
  if (!meddling.at(step)) return alpha;
  const auto given = meddling.weights.find(step);
  const bool set = given != meddling.weights.end();
  std::vector<double> weights = set ? given->second : alpha.to_vector();
  if (static_cast<int64_t>(weights.size()) != alpha.numel())
    throw Error("step {} was given {} weights for {} words", step, weights.size(), alpha.numel());
  for (const double weight : weights)
    if (!(weight >= 0) || !std::isfinite(weight))
      throw Error("weights are finite and not negative; one of step {} is {}", step, weight);
  for (const int64_t word : meddling.hidden)
    if (word < 0 || word >= alpha.numel()) throw Error("word {} of {} was to be hidden", word, alpha.numel());
  if (!set) {
    for (const int64_t word : meddling.hidden) weights[static_cast<size_t>(word)] = 0;
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    if (sum > 0)
      for (double& weight : weights) weight /= sum;
  }
  return copy_of(Tensor::from(weights, alpha.shape()), alpha.dtype());
}

}  // namespace heed::page
