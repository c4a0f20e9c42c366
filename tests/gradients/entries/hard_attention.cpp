// The surrogate of hard attention. It takes rewards, baseline and choice as constants although they may be
// computed from what is differentiated. A stencil would see them move, so each sample takes their part out of
// the value again with constants: what is left does not depend on them in truth, nor may its gradient.
#include "nn/attention/hard_attention.h"

#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/multi_head.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

Sample draw_log_choice(Draw& draw) {
  Shape shape = draw.shape(0, 2);
  shape.push_back(draw.length());
  const Tensor onehot = draw.mask(shape, 0.4);
  return sample([=](const Inputs& x) { return log_choice(x[0], onehot); }, {draw.numbers(shape, -2, 2)});
}

// log_choice is linear in the choice: the same sum less itself, the second with the choice as a constant.
Sample draw_moving_choice(Draw& draw) {
  const Shape shape{draw.up_to(3), draw.up_to(4)};
  const Tensor frozen = draw.numbers(shape, -2, 2);  // scores
  return sample(
      [=](const Inputs& x) {
        const Tensor log_alpha = frozen - unsqueeze(logsumexp(frozen, {-1}), -1);
        return log_choice(frozen, x[0]) - sum(detach(x[0]) * log_alpha, {-1}) + sum(x[0]) * 0.5;
      },
      {draw.numbers(shape, 0.1, 1)});
}

Sample draw_entropy(Draw& draw) {
  Shape shape = draw.shape(0, 2);
  shape.push_back(draw.length());
  return sample([](const Inputs& x) { return attention_entropy(x[0]); }, {draw.numbers(shape, -2, 2)});
}

Sample draw_loss(Draw& draw) {
  const int64_t rows = draw.up_to(3), steps = draw.up_to(3);
  const Shape each{rows, steps}, reward = draw.chance(0.5) ? each : Shape{rows};
  const Shape baseline = draw.chance(0.5) ? reward : Shape{};
  const Tensor mask = draw.chance(0.7) ? length_mask(draw.lengths(rows, steps), steps) : Tensor();
  const double lambda_r = draw.real(0.1, 1), lambda_e = draw.real(0.1, 1);
  return sample(
      [=](const Inputs& x) {
        const Tensor loss = hard_attention_loss({x[0], x[1], x[2], x[3], x[4], mask}, lambda_r, lambda_e);
        const auto over_steps = [](const Tensor& v) { return v.rank() == 1 ? unsqueeze(detach(v), 1) : detach(v); };
        Tensor part = (over_steps(x[3]) - over_steps(x[4])) * x[1];
        if (mask) part = part * to(mask, DType::f64);
        return loss + sum(part) * (lambda_r / static_cast<double>(rows));
      },
      {draw.numbers(each), draw.numbers(each), draw.numbers(each), draw.numbers(reward), draw.numbers(baseline)});
}

}  // namespace

Entries hard_attention() {
  return {
      {"log_choice", draw_log_choice},
      {"log_choice: a choice that moves", draw_moving_choice},
      {"attention_entropy", draw_entropy},
      {"hard_attention_loss", draw_loss},
  };
}

}  // namespace heed::gradients
