#include "nn/attention/latent/latent_cross_entropy.h"

#include <algorithm>
#include <limits>

#include "autograd/kernels/in_place.h"
#include "autograd/ops/extrema.h"
#include "autograd/ops/masks/comparisons.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/record.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/latent/checks.h"
#include "nn/attention/latent/solution.h"
#include "nn/attention/rows/row_scores.h"
#include "nn/losses/losses.h"

namespace heed {
namespace {

constexpr const char* kLoss = "latent_cross_entropy";
constexpr double kInfinite = std::numeric_limits<double>::infinity();

using latent::check_places;
using latent::Problem;
using latent::Solution;

// The output layer that reads units [n, I].
void check_output(const Tensor& units, const Linear& output) {
  const Tensor &w = output.weight, &b = output.bias;
  if (w.rank() != 2 || w.size(0) < 1 || w.size(1) != units.size(1) || w.dtype() != units.dtype())
    throw Error("{}: the output layer's weight must be {} [words, {}] to read {}, got {}", kLoss,
                to_string(units.dtype()), units.size(1), describe(units), describe(w));
  if (b && (!(b.shape() == Shape{w.size(0)}) || b.dtype() != w.dtype()))
    throw Error("{}: the output layer's bias must be {} [{}], got {}", kLoss, to_string(w.dtype()), w.size(0),
                describe(b));
}

void check_options(const CrossEntropyOptions& options) {
  if (options.weight) throw Error("{}: class weights are not provided for; leave them out", kLoss);
  if (options.class_axis != -1 && options.class_axis != 1)
    throw Error("{}: the classes are on the last axis, not on axis {}", kLoss, options.class_axis);
  if (!(options.label_smoothing >= 0 && options.label_smoothing <= 1))
    throw Error("{}: label smoothing must be from 0 to 1, not {}", kLoss, options.label_smoothing);
}

Tensor checked_targets(const Tensor& units, const Tensor& targets, int64_t classes,
                       const CrossEntropyOptions& options) {
  if (targets.dtype() != DType::i64 || !(targets.shape() == Shape{units.size(0)}))
    throw Error("{}: the targets of {} must be i64 [{}], got {}", kLoss, describe(units), units.size(0),
                describe(targets));
  return detail::checked_targets(kLoss, targets, classes, options.ignore_index);
}

Problem checked(const Tensor& units, const Tensor& places, const Linear& output, const Tensor& alpha,
                const SharedMask& mask, const Tensor& targets, const CrossEntropyOptions& options) {
  check_defined(kLoss, units, places, output.weight, alpha, targets);
  check_options(options);
  check_places(kLoss, units, places, alpha, mask);
  check_output(units, output);
  Tensor ids = checked_targets(units, targets, output.weight.size(0), options);
  const Tensor bias = output.bias ? densify(output.bias) : Tensor();
  return {densify(units), densify(places),        densify(output.weight), bias, densify(alpha), std::move(ids),
          mask,           options.label_smoothing};
}

// What the sum of losses is divided by.
double divisor(const Tensor& targets, const CrossEntropyOptions& options) {
  if (options.reduction != Reduction::mean) return 1;
  const int64_t* const ids = targets.data<int64_t>();
  const auto ignored = std::count(ids, ids + targets.numel(), detail::kIgnored);
  return static_cast<double>(std::max<int64_t>(targets.numel() - ignored, 1));
}

double total(const Tensor& losses) {
  double sum = 0;
  for (const double loss : losses.to_vector()) sum += loss;
  return sum;
}

void add_gradients(const Solution& s, double scale, InPlace& d) {
  const Tensor* const gradients[] = {&s.dunits, &s.dplaces, &s.dalpha, &s.dweight, &s.dbias};
  for (int i = 0; i < 5; ++i)
    if (d.wanted(i)) {
      Tensor sum = d.place_zeroed(i, *gradients[i]);
      add_in_place(sum, *gradients[i], scale);
    }
}

}  // namespace

LatentLoss latent_cross_entropy(const Tensor& units, const Tensor& places, const Linear& output, const Tensor& alpha,
                                const SharedMask& mask, const Tensor& targets, const CrossEntropyOptions& options) {
  const Problem problem = checked(units, places, output, alpha, mask, targets, options);
  const bool each = options.reduction == Reduction::none;
  const double by = divisor(problem.targets, options);
  const Solution s = latent::solve(problem, {}, recording() && !each);
  const Tensor loss = each ? s.losses : Tensor::scalar(total(s.losses) / by, units.dtype());

  CrossEntropyOptions plain = options;
  plain.ignore_index = detail::kIgnored;
  const auto definition = [=](const Tensor& x, const Tensor& u, const Tensor& a, const Tensor& w, const Tensor& b) {
    Linear layer;
    layer.weight = w;
    layer.bias = b;
    return latent_cross_entropy_plain(x, u, layer, a, mask, problem.targets, plain);
  };
  // Losses that are not added up may each have a scale of its own, which only the backward pass knows.
  const auto kernel = [=](const Tensor& dy, InPlace& d) {
    if (each) add_gradients(latent::solve(problem, densify(dy), true), 1, d);
    else add_gradients(s, dy.item() / by, d);
  };
  const std::array inputs{units, places, alpha, output.weight, output.bias};
  return {record(kLoss, {units, places, alpha, output.weight, output.bias}, loss, by_definition(definition, inputs),
                 kernel),
          s.posterior};
}

Tensor latent_log_probabilities(const Tensor& scores, const Tensor& place_scores, const Tensor& alpha,
                                const SharedMask& mask) {
  constexpr const char* name = "latent_log_probabilities";
  check_defined(name, scores, place_scores, alpha);
  check_places(name, scores, place_scores, alpha, mask);
  const Tensor y = latent::log_probabilities(densify(scores), densify(place_scores), densify(alpha), mask);
  const auto definition = [mask](const Tensor& b, const Tensor& g, const Tensor& a) {
    return latent_log_probabilities_plain(b, g, a, mask);
  };
  return record(name, {scores, place_scores, alpha}, y,
                by_definition(definition, std::array{scores, place_scores, alpha}));
}

Tensor latent_log_probabilities_plain(const Tensor& scores, const Tensor& place_scores, const Tensor& alpha,
                                      const SharedMask& mask) {
  check_defined("latent_log_probabilities_plain", scores, place_scores, alpha);
  check_places("latent_log_probabilities_plain", scores, place_scores, alpha, mask);
  const int64_t n = scores.size(0), classes = scores.size(1);
  const DType dtype = scores.dtype();
  const Tensor zero = Tensor::zeros({}, dtype);
  const Tensor attended = where(mask_tensor(*mask, n), alpha, zero);
  const Tensor alone = equal(sum(attended, {1}, true), 0);  // where there is nothing to choose
  const Tensor weights = concat({where(alone, zero, attended), to(alone, dtype)}, 1);  // [n, S + 1]
  const Tensor rows = concat({attended_rows(place_scores, *mask, n), Tensor::zeros({n, 1, classes}, dtype)}, 1);
  const Tensor given = log_softmax(unsqueeze(scores, 1) + rows, -1);  // log p(v | t, i) [n, S + 1, V]
  // Of places that have a weight; how likely another one is, is cut off before it would be infinite.
  const Tensor open = unsqueeze(not_equal(weights, 0), 2), nowhere = Tensor::full({}, -kInfinite, dtype);
  const Tensor peak = detach(amax(where(open, given, nowhere), {1}, true));
  const Tensor possible = greater(peak, -kInfinite), from = where(possible, peak, zero);
  const Tensor most = Tensor::full({}, dtype == DType::f32 ? 80 : 700, dtype);
  const Tensor mixed = sum(unsqueeze(weights, 2) * exp(minimum(given - from, most)), {1});
  const Tensor likely = where(squeeze(possible, 1), mixed, Tensor::full({}, 1, dtype));
  const Tensor found = squeeze(from, 1) + log(likely) - log(sum(weights, {1}, true));
  return where(squeeze(possible, 1), found, nowhere);
}

Tensor latent_cross_entropy_plain(const Tensor& units, const Tensor& places, const Linear& output,
                                  const Tensor& alpha, const SharedMask& mask, const Tensor& targets,
                                  const CrossEntropyOptions& options) {
  const Tensor log_p = latent_log_probabilities_plain(output(units), linear(places, output.weight), alpha, mask);
  const double e = options.label_smoothing;
  const Tensor hit = nll(log_p, targets, {.ignore_index = options.ignore_index, .reduction = Reduction::none});
  const Tensor ids = detail::checked_targets(kLoss, targets, log_p.size(1), options.ignore_index);
  const Tensor counts = not_equal(ids, detail::kIgnored);
  const Tensor spread = where(counts, neg(mean(log_p, {1})), Tensor::zeros({}, log_p.dtype()));
  const Tensor losses = (1 - e) * hit + e * spread;
  return options.reduction == Reduction::none ? losses : sum(losses) / divisor(ids, options);
}

}  // namespace heed
