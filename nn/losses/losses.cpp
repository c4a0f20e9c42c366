#include "nn/losses/losses.h"

#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed {
namespace {

// log(1 + e^u), smooth everywhere and without overflow: the branch that could overflow is not taken.
constexpr auto log1p_exp = [](auto u) { return where(u > 0.0, u + log1p(exp(-u)), log1p(exp(u))); };

// The mean over no losses at all is 0.
Tensor reduced(const Tensor& losses, Reduction reduction) {
  if (reduction == Reduction::none) return losses;
  return reduction == Reduction::sum || losses.numel() == 0 ? sum(losses) : mean(losses);
}

// A target of another shape would broadcast, [3, 1] against [3] to [3, 3], and train something else.
void check_target(const char* loss, const Tensor& x, const Tensor& target) {
  check_defined(loss, x, target);
  if (!(x.shape() == target.shape()))
    throw Error("{}: the predictions {} and the targets {} must have one shape; reshape() or expand() one of them",
                loss, describe(x), describe(target));
}

// -w of the target's class at each position, and 0 at ignored ones; and the targets with those replaced
// by class 0.
struct Picks {
  Tensor factor, targets;
  double total_weight = 0;
};
Picks picks(const Tensor& x, const Tensor& targets, int64_t classes, const CrossEntropyOptions& options) {
  Picks result{Tensor::zeros(targets.shape(), x.dtype()), Tensor::zeros(targets.shape(), DType::i64), 0};
  const Tensor checked = detail::checked_targets("nll", targets, classes, options.ignore_index);
  const Tensor weight = options.weight ? densify(options.weight) : Tensor();
  dispatch_float(x.dtype(), "nll", [&]<class T>(T) {
    for (int64_t i = 0; i < checked.numel(); ++i) {
      const int64_t y = checked.data<int64_t>()[i];
      if (y == detail::kIgnored) continue;
      const T w = weight ? weight.data<T>()[y] : T(1);
      result.targets.mutable_data<int64_t>()[i] = y;
      result.factor.mutable_data<T>()[i] = -w;
      result.total_weight += w;
    }
  });
  return result;
}

}  // namespace

Tensor nll(const Tensor& log_probabilities, const Tensor& targets, const CrossEntropyOptions& options) {
  check_defined("nll", log_probabilities, targets);
  if (options.label_smoothing != 0)
    throw Error("nll: label smoothing is cross_entropy()'s; log-probabilities are taken as they are");
  const Tensor& x = log_probabilities;
  const int axis = normal_axis(options.class_axis, x.rank(), "nll");
  detail::check_classes("nll", x, targets, options, axis);
  const Picks pick = picks(x, targets, x.size(axis), options);
  const Tensor index = unsqueeze(pick.targets, axis);
  const Tensor chosen = squeeze(gather(x, axis, index), axis);
  // where, not a product: what stands at an ignored position may be infinite
  const Tensor losses = zip(
      "nll", [](auto f, auto l) { return weigh(f, l); }, pick.factor, chosen);
  if (options.reduction == Reduction::none) return losses;
  const bool divides = options.reduction == Reduction::mean && pick.total_weight != 0;
  return divides ? sum(losses) / pick.total_weight : sum(losses);
}

Tensor cross_entropy_prob(const Tensor& logits, const Tensor& targets) {
  check_defined("cross_entropy_prob", logits, targets);
  if (logits.rank() != 2 || !(logits.shape() == targets.shape()))
    throw Error("cross_entropy_prob: logits and targets must both be [N, C], got {} and {}", describe(logits),
                describe(targets));
  // A class of target 0 may have a logit of -inf.
  const auto term = [](auto t, auto l) { return weigh(t, l); };
  return composed("cross_entropy_prob", [&] {
    return sum(zip("cross_entropy_prob", term, targets, log_softmax(logits))) /
           -static_cast<double>(std::max<int64_t>(logits.size(0), 1));
  });
}

Tensor mse(const Tensor& x, const Tensor& target, Reduction reduction) {
  check_target("mse", x, target);
  const auto square = [](auto a, auto b) { return (a - b) * (a - b); };
  return reduced(zip("mse", square, x, target), reduction);
}

Tensor bce_with_logits(const Tensor& x, const Tensor& target, Reduction reduction, const Tensor& weight,
                       const Tensor& positive_weight) {
  check_target("bce_with_logits", x, target);
  const auto loss = [](auto a, auto t, auto p) { return weigh(p * t, log1p_exp(-a)) + weigh(1.0 - t, log1p_exp(a)); };
  const Tensor one = Tensor::scalar(1, x.dtype());
  Tensor losses = zip("bce_with_logits", loss, x, target, positive_weight ? positive_weight : one);
  if (weight)
    losses = zip(
        "bce_with_logits", [](auto w, auto l) { return weigh(w, l); }, weight, losses);
  if (!(losses.shape() == x.shape()))
    throw Error("bce_with_logits: the weights must broadcast to the predictions {}; with them the losses are {}",
                describe(x), to_string(losses.shape()));
  return reduced(losses, reduction);
}

}  // namespace heed
