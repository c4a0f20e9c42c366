// Cross entropy, the loss that trains language models: the mean of  -log p(target)  with p = softmax(logits).
// With the maximum m of a row of logits x and s = sum_j e^(x_j - m),
//
//     -log p_y = log s - (x_y - m),        d(-log p_y)/dx_j = e^(x_j - m) / s - [j = y]
//
// so the N x C probabilities are never stored: forward keeps m and s of each row, backward writes the
// gradient in one pass. Label smoothing e (Szegedy et al. 2015, arXiv:1512.00567, section 7) mixes the target
// with the uniform distribution, class weights w count some classes more:
//
//     l = -(1-e) w_y log p_y - (e/C) sum_c w_c log p_c
#pragma once

#include <optional>

#include "autograd/base/tensor.h"

namespace heed {

enum class Reduction { mean, sum, none };

struct CrossEntropyOptions {
  std::optional<int64_t> ignore_index = std::nullopt;  // positions with this target count nothing
  double label_smoothing = 0;                          // e, from 0 to 1
  Tensor weight = {};                                  // [C]; absent: all 1
  Reduction reduction = Reduction::mean;
  int class_axis = -1;
};

// logits [.., C] (or with the C classes on another axis), targets i64 of the other axes' shape. mean:
// the sum divided by the sum of w_y over the positions that are not ignored, 0 if there are none. none:
// the shape of the targets. Throws if a target is neither a class nor ignored.
Tensor cross_entropy(const Tensor& logits, const Tensor& targets, const CrossEntropyOptions& options = {});

// log p of the targets: logits [.., C], targets [..] -> [..].
Tensor log_probability(const Tensor& logits, const Tensor& targets);

// --- below: what linear_cross_entropy.h makes of blocks of logits

namespace detail {

constexpr int64_t kIgnored = -1;

// Throws unless the targets have the shape of x without its classes, and the class weights their number. `name` is
// the loss's, for messages.
void check_classes(const char* name, const Tensor& x, const Tensor& targets, const CrossEntropyOptions& options,
                   int axis);
// Targets of any shape as i64 [N], those equal to `ignored` as kIgnored. Throws if one is none of the
// classes, saying which of them it is.
Tensor checked_targets(const char* name, const Tensor& targets, int64_t classes,
                       const std::optional<int64_t>& ignored);

// For whoever made logits [N, C] and needs them no more: gives the sum of the losses, of which the logits
// become the gradient, row by row in place. Dense; targets i64 [N] as checked_targets() gives them. Throws if
// the smoothing is not from 0 to 1.
double losses_to_gradients(Tensor& logits, const Tensor& targets, double label_smoothing);

}  // namespace detail
}  // namespace heed
