#include "nn/losses/cross_entropy.h"

#include "autograd/ops/indexing.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"
#include "nn/losses/cross_entropy_kernel.h"

namespace heed {

void detail::check_classes(const char* name, const Tensor& x, const Tensor& targets, const CrossEntropyOptions& o,
                           int axis) {
  Shape positions = x.shape();
  positions.erase(axis);
  if (!targets || targets.dtype() != DType::i64 || !(targets.shape() == positions))
    throw Error("{}: the targets of {} with classes on axis {} must be i64 {}, got {}", name, describe(x), axis,
                to_string(positions), describe(targets));
  const int64_t classes = x.size(axis);
  if (o.weight && (o.weight.rank() != 1 || o.weight.size(0) != classes || o.weight.dtype() != x.dtype()))
    throw Error("{}: the class weights must be [{}] in the type of {}, got {}", name, classes, describe(x),
                describe(o.weight));
}

Tensor detail::checked_targets(const char* name, const Tensor& targets, int64_t classes,
                               const std::optional<int64_t>& ignored) {
  Tensor checked = Tensor::empty({targets.numel()}, DType::i64);
  const Tensor dense = densify(targets);
  for (int64_t i = 0; i < dense.numel(); ++i) {
    const int64_t y = dense.data<int64_t>()[i];
    const bool skip = ignored && y == *ignored;
    if (!skip && (y < 0 || y >= classes))
      throw Error("{}: target {} (number {} of {}) is none of the classes 0..{}; pad with ignore_index{}", name, y, i,
                  dense.numel(), classes - 1,
                  ignored ? fmt::format(", which is {}", *ignored) : ", which is not set");
    checked.mutable_data<int64_t>()[i] = skip ? kIgnored : y;
  }
  return checked;
}

namespace {

using detail::kIgnored;

// What forward and backward both need: x [N, C], targets [N] with kIgnored at ignored positions.
struct Problem {
  Tensor x, targets, weight;
  double smoothing, weight_sum;
  Reduction reduction;
  double divisor = 1;

  int64_t rows() const { return targets.numel(); }
  int64_t classes() const { return x.size(1); }
  template <class T>
  double weight_of(int64_t y) const {
    return weight ? static_cast<double>(weight.data<T>()[y]) : 1.0;
  }
  template <class T>
  double hit(int64_t y) const {  // (1 - e) w_y
    return (1 - smoothing) * weight_of<T>(y);
  }
  double uniform() const { return smoothing / static_cast<double>(classes()); }  // e / C
};

void check_smoothing(double smoothing) {
  if (!(smoothing >= 0 && smoothing <= 1))
    throw Error("cross_entropy: label smoothing must be from 0 to 1, not {}", smoothing);
}

// -log p_y. Near 0 the sum is 1 and a little, of which it has lost the digits: there it is log(1 + what the others have).
template <class T>
double surprise(const T* x, int64_t classes, int64_t y, const detail::RowSum<T>& row, double log_sum) {
  constexpr double near = 1.0 / 16;
  const double loss = log_sum - (static_cast<double>(x[y]) - row.shift);
  if (!(loss < near)) return loss;
  return std::log1p(detail::sum_others(x, classes, y));
}

// The loss of row i, and {shift, sum} for its gradient.
template <class T>
double forward_row(const Problem& p, int64_t i, detail::RowSum<T>& row) {
  const int64_t classes = p.classes(), y = p.targets.data<int64_t>()[i];
  if (y == kIgnored) return 0;
  const T* x = p.x.data<T>() + i * classes;
  row = detail::sum_exponentials(x, classes);
  const double log_sum = std::log(static_cast<double>(row.sum));
  const double hit = p.hit<T>(y);
  const double loss = hit == 0 ? 0 : hit * surprise(x, classes, y, row, log_sum);
  if (p.smoothing == 0) return loss;
  const T* weight = p.weight ? p.weight.data<T>() : nullptr;
  return loss + p.uniform() * (p.weight_sum * log_sum - detail::weighted_sum(x, weight, classes, row.shift));
}

// Nothing of the row counts: it is not looked at, were it infinite or NaN.
template <class T>
bool is_skipped(const Problem& p, int64_t y) {
  return y == kIgnored || (p.smoothing == 0 && p.hit<T>(y) == 0);
}

// dx_j = g ((1-e) w_y (p_j - [j = y]) + (e/C) (W p_j - w_j)),  W = sum_c w_c.  dx may be x itself, if fresh.
template <class T>
void backward_row(const Problem& p, int64_t i, const detail::RowSum<T>& row, double g, T* dx, bool fresh) {
  const int64_t classes = p.classes(), y = p.targets.data<int64_t>()[i];
  if (is_skipped<T>(p, y)) {
    if (fresh) std::fill_n(dx, classes, T(0));
    return;
  }
  const double hit = p.hit<T>(y);
  const double scale = g * (hit + p.uniform() * p.weight_sum) / row.sum;
  detail::row_gradient(dx, p.x.data<T>() + i * classes, p.weight ? p.weight.data<T>() : nullptr, classes, row.shift,
                       static_cast<T>(scale), static_cast<T>(g * p.uniform()), fresh);
  dx[y] -= static_cast<T>(g * hit);
}

// The same gradient in operations:  dx = g (A softmax(x) - B), with A [N, 1] and B [N, C] constants.
Tensor gradient(const Problem& p, const Tensor& dy) {
  const int64_t n = p.rows(), classes = p.classes();
  Tensor a = Tensor::zeros({n, 1}, p.x.dtype()), b = Tensor::zeros({n, classes}, p.x.dtype());
  dispatch_float(p.x.dtype(), "cross_entropy", [&]<class T>(T) {
    for (int64_t i = 0; i < n; ++i) {
      const int64_t y = p.targets.data<int64_t>()[i];
      if (is_skipped<T>(p, y)) continue;
      const double hit = p.hit<T>(y);
      a.mutable_data<T>()[i] = static_cast<T>((hit + p.uniform() * p.weight_sum) / p.divisor);
      T* row = b.mutable_data<T>() + i * classes;
      for (int64_t j = 0; j < classes; ++j) row[j] = static_cast<T>(p.uniform() * p.weight_of<T>(j) / p.divisor);
      row[y] += static_cast<T>(hit / p.divisor);
    }
  });
  const Tensor g = p.reduction == Reduction::none ? reshape(dy, {n, 1}) : dy;
  const auto slope = [](auto count, auto share, auto target) { return weigh(count, share) - target; };
  return g * zip("cross_entropy", slope, a, softmax(p.x, -1), b);
}

template <class T>
double total_of(const Tensor& x) {
  double total = 0;
  for (int64_t i = 0; i < x.numel(); ++i) total += x.data<T>()[i];
  return total;
}

template <class T>
void set_divisor(Problem& p) {
  double total = 0;
  for (int64_t i = 0; i < p.rows(); ++i)
    if (const int64_t y = p.targets.data<int64_t>()[i]; y != kIgnored) total += p.weight_of<T>(y);
  p.divisor = total == 0 ? 1 : total;
}

// x [N, C] dense and targets checked already.
Tensor solve(Problem p) {
  return dispatch_float(p.x.dtype(), "cross_entropy", [&]<class T>(T) {
    p.weight_sum = static_cast<double>(p.classes());
    if (p.weight) p.weight_sum = total_of<T>(p.weight);
    if (p.reduction == Reduction::mean) set_divisor<T>(p);
    Tensor losses = Tensor::empty({p.rows()}, p.x.dtype());
    std::vector<detail::RowSum<T>> sums(static_cast<size_t>(p.rows()));
    for (int64_t i = 0; i < p.rows(); ++i)
      losses.mutable_data<T>()[i] = static_cast<T>(forward_row(p, i, sums[static_cast<size_t>(i)]));
    Tensor y =
        p.reduction == Reduction::none ? losses : Tensor::scalar(total_of<T>(losses) / p.divisor, losses.dtype());
    const auto pullback = [p](const Tensor& dy) { return gradient(p, dy); };
    const auto kernel = [p, sums](const Tensor& dy, InPlace& d) {
      const Tensor upstream = densify(dy);
      const int64_t step = p.reduction == Reduction::none ? 1 : 0;
      write_gradient(d, 0, p.x, [&](Tensor& dx, bool fresh) {
        for (int64_t i = 0; i < p.rows(); ++i)
          backward_row(p, i, sums[static_cast<size_t>(i)], upstream.data<T>()[i * step] / p.divisor,
                       dx.mutable_data<T>() + i * p.classes(), fresh);
      });
    };
    return record("cross_entropy", {p.x}, y, pullback, kernel);
  });
}

}  // namespace

double detail::losses_to_gradients(Tensor& logits, const Tensor& targets, double label_smoothing) {
  check_smoothing(label_smoothing);
  const Problem p{logits, targets, {}, label_smoothing, static_cast<double>(logits.size(1)), Reduction::sum};
  return dispatch_float(logits.dtype(), "cross_entropy", [&]<class T>(T) {
    double total = 0;
    for (int64_t i = 0; i < p.rows(); ++i) {
      RowSum<T> row;
      total += forward_row(p, i, row);
      backward_row(p, i, row, 1, logits.mutable_data<T>() + i * p.classes(), true);
    }
    return total;
  });
}

Tensor cross_entropy(const Tensor& logits, const Tensor& targets, const CrossEntropyOptions& options) {
  check_defined("cross_entropy", logits, targets);
  const int axis = normal_axis(options.class_axis, logits.rank(), "cross_entropy");
  detail::check_classes("cross_entropy", logits, targets, options, axis);
  check_smoothing(options.label_smoothing);
  Tensor x = logits;
  if (axis != x.rank() - 1) {
    std::vector<int> order;
    for (int i = 0; i < x.rank(); ++i)
      if (i != axis) order.push_back(i);
    order.push_back(axis);
    x = permute(x, order);
  }
  const int64_t classes = logits.size(axis);
  x = reshape(contiguous(x), {targets.numel(), classes});
  Tensor checked = detail::checked_targets("cross_entropy", targets, classes, options.ignore_index);
  const Tensor weight = options.weight ? kept(densify(options.weight)) : Tensor();
  Tensor loss = solve({x, std::move(checked), weight, options.label_smoothing, 0, options.reduction});
  return options.reduction == Reduction::none ? reshape(loss, targets.shape()) : loss;
}

Tensor log_probability(const Tensor& logits, const Tensor& targets) {
  check_defined("log_probability", logits, targets);
  return composed("log_probability",
                  [&] { return neg(cross_entropy(logits, targets, {.reduction = Reduction::none})); });
}

}  // namespace heed
