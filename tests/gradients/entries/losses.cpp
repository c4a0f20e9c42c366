// Losses, with every reduction, ignored positions, class weights and label smoothing.
#include "nn/losses/losses.h"
#include "nn/losses/linear_cross_entropy.h"

#include "autograd/ops/softmax.h"
#include "autograd/zip/elementwise.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

constexpr Reduction kReductions[] = {Reduction::mean, Reduction::sum, Reduction::none};

struct Classified {
  Shape logits;
  Tensor targets;
  CrossEntropyOptions options;
};
Classified draw_classified(Draw& draw, bool smooths) {
  Classified d;
  d.logits = draw.shape(1, 3);
  const int axis = draw.chance(0.6) ? -1 : draw.axis(d.logits.rank());
  const int a = axis < 0 ? axis + d.logits.rank() : axis;
  const int64_t classes = d.logits[a];
  Shape positions = d.logits;
  positions.erase(a);
  d.targets = draw.ids(positions, classes);
  d.options.class_axis = axis;
  d.options.reduction = kReductions[draw.below(3)];
  if (draw.chance(0.4)) d.options.ignore_index = draw.chance(0.5) ? 0 : classes - 1;
  if (draw.chance(0.4)) d.options.weight = draw.numbers({classes}, 0.2, 2);
  if (smooths && draw.chance(0.5)) d.options.label_smoothing = draw.real(0, 1);
  return d;
}

// The gradient is added to what is there: logits are used a second time now and then.
Sample draw_cross_entropy(Draw& draw) {
  const Classified d = draw_classified(draw, true);
  const bool again = draw.chance(0.5);
  return sample(
      [=](const Inputs& x) {
        const Tensor loss = cross_entropy(x[0], d.targets, d.options);
        return again ? std::vector<Tensor>{loss, x[0] * 0.5} : std::vector<Tensor>{loss};
      },
      {draw.numbers(d.logits, -2, 2)});
}

// With more places than one block holds now and then.
Sample draw_linear_cross_entropy(Draw& draw) {
  const int64_t rows = draw.chance(0.03) ? 300 : 1 + draw.below(5), in = 1 + draw.below(3),
                classes = 2 + draw.below(3);
  CrossEntropyOptions options;
  options.reduction = draw.chance(0.5) ? Reduction::sum : Reduction::mean;
  if (draw.chance(0.4)) options.ignore_index = 0;
  if (draw.chance(0.5)) options.label_smoothing = draw.real(0, 1);
  const bool biased = draw.chance(0.7);
  const Tensor targets = draw.ids({rows}, classes);
  return sample(
      [=](const Inputs& x) {
        Linear layer;
        layer.weight = x[1];
        if (biased) layer.bias = x[2];
        return linear_cross_entropy(x[0], layer, targets, options) * 0.7;
      },
      {draw.numbers({rows, in}, -2, 2), draw.numbers({classes, in}, -2, 2), draw.numbers({classes}, -2, 2)});
}

Sample draw_nll(Draw& draw) {
  const Classified d = draw_classified(draw, false);
  return sample([=](const Inputs& x) { return nll(x[0], d.targets, d.options); }, {draw.numbers(d.logits, -2, 0)});
}

Sample draw_log_probability(Draw& draw) {
  const Shape logits = draw.shape(1, 3);
  Shape positions = logits;
  positions.erase(logits.rank() - 1);
  const Tensor targets = draw.ids(positions, logits[logits.rank() - 1]);
  return sample([=](const Inputs& x) { return log_probability(x[0], targets); }, {draw.numbers(logits, -2, 2)});
}

Sample draw_cross_entropy_prob(Draw& draw) {
  const Shape shape{draw.up_to(3), draw.length()};
  return sample([=](const Inputs& x) { return cross_entropy_prob(x[0], softmax(x[1])); },
                {draw.numbers(shape, -2, 2), draw.numbers(shape)});
}

Sample draw_mse(Draw& draw) {
  const Shape shape = draw.shape();
  const Reduction reduction = kReductions[draw.below(3)];
  return sample([=](const Inputs& x) { return mse(x[0], x[1], reduction); },
                {draw.numbers(shape), draw.numbers(shape)});
}

// By the logits, the targets, and the weights where there are any.
Sample draw_bce(Draw& draw) {
  const Shape shape = draw.shape();
  const Reduction reduction = kReductions[draw.below(3)];
  const bool weighted = draw.chance(0.5), positive = draw.chance(0.5);
  return sample(
      [=](const Inputs& x) {
        return bce_with_logits(x[0], x[1], reduction, weighted ? x[2] : Tensor(), positive ? x[3] : Tensor());
      },
      {draw.numbers(shape, -3, 3), draw.numbers(shape, 0, 1), draw.numbers(draw.narrower(shape), 0.2, 2),
       draw.numbers(draw.narrower(shape), 0.2, 2)});
}

}  // namespace

Entries losses() {
  return {
      {"cross_entropy", draw_cross_entropy},
      {"linear_cross_entropy", draw_linear_cross_entropy},
      {"log_probability", draw_log_probability},
      {"nll", draw_nll},
      {"cross_entropy_prob", draw_cross_entropy_prob},
      {"mse", draw_mse},
      {"bce_with_logits", draw_bce},
  };
}

}  // namespace heed::gradients
