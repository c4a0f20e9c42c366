#include "autograd/ops/order/cumulative.h"

#include <cmath>
#include <limits>
#include <vector>

#include "autograd/ops/order/along.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Calls step(state of the line, place, whether it is the line's first) all along the lines. Lines that lie
// side by side go on together, a place of each in turn, as they lie in memory.
template <class State, class Step>
void run_along(const Split& split, bool reverse, Step step) {
  std::vector<State> states(static_cast<size_t>(split.inner));
  for (int64_t o = 0; o < split.outer; ++o) {
    State alone{};  // in a register
    for (int64_t i = 0; i < split.n; ++i) {
      const int64_t row = (o * split.n + (reverse ? split.n - 1 - i : i)) * split.inner;
      if (split.inner == 1) step(alone, row, i == 0);
      else
        for (int64_t j = 0; j < split.inner; ++j) step(states[static_cast<size_t>(j)], row + j, i == 0);
    }
  }
}

// log sum e^x as m + log(e^(x - m) + ..), m the largest so far.
struct LogSum {
  double largest = -kInfinity, sum = 0;

  void add(double x) {
    if (x > largest) sum = sum * std::exp(largest - x) + 1, largest = x;
    else if (x == largest) sum += x == -kInfinity ? 0 : 1;
    else if (x != -kInfinity) sum += std::exp(x - largest);
  }
  double value() const { return largest + std::log(sum); }
};

// a - b, and 0 where both are the same infinity.
constexpr auto distance = [](auto a, auto b) { return where((a == b) & (a - a != 0.0), 0.0, a - b); };

// With y = logcumsumexp(x):  dx_i = sum_(k >= i) dy_k e^(x_i - y_k) = e^(x_i - y_i) r_i,
//     r_i = sum_(k >= i) dy_k e^(y_i - y_k) = dy_i + e^(y_i - y_(i+1)) r_(i+1),
// a recurrence from the end. No exponent is above 0, as y grows.
Tensor logcumsumexp_gradient(const Tensor& x, const Tensor& y, const Tensor& dy, int axis, bool reverse) {
  const auto fading = [](auto here, auto next) { return exp(distance(here, next)); };
  const int64_t n = y.size(axis);
  const Tensor next = reverse ? concat({slice(y, axis, 0, 1), slice(y, axis, 0, n - 1)}, axis)
                              : concat({slice(y, axis, 1, n), slice(y, axis, n - 1, n)}, axis);
  const Tensor decay = zip("gradient of logcumsumexp", fading, y, next);
  const Tensor gathered = linear_recurrence(dy, decay, axis, !reverse);
  const auto weigh = [](auto a, auto l, auto r) { return where(l == -kInfinity, 0.0, exp(a - l) * r); };
  return zip("gradient of logcumsumexp", weigh, x, y, gathered);
}

}  // namespace

Tensor cumsum(const Tensor& x, int axis, bool reverse) {
  const Along lines = along("cumsum", x, axis);
  const Tensor dense = densify(x);
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  dispatch_any(x.dtype(), [&]<class T>(T) {
    using Total = std::conditional_t<std::is_integral_v<T>, uint64_t, double>;  // whole numbers modulo 2^64
    const T* from = dense.data<T>();
    T* to = y.mutable_data<T>();
    run_along<Total>(lines.split, reverse, [=](Total& total, int64_t at, bool first) {
      total = first ? Total(from[at]) : total + Total(from[at]);
      to[at] = static_cast<T>(total);
    });
  });
  return record("cumsum", {x}, y, [a = lines.axis, reverse](const Tensor& dy) { return cumsum(dy, a, !reverse); });
}

Tensor logcumsumexp(const Tensor& x, int axis, bool reverse) {
  const Along lines = along("logcumsumexp", x, axis);
  const Tensor dense = densify(x);
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  dispatch_float(x.dtype(), "logcumsumexp", [&]<class T>(T) {
    const T* from = dense.data<T>();
    T* to = y.mutable_data<T>();
    run_along<LogSum>(lines.split, reverse, [=](LogSum& total, int64_t at, bool first) {
      if (first) total = {};
      total.add(static_cast<double>(from[at]));
      to[at] = static_cast<T>(total.value());
    });
  });
  return record("logcumsumexp", {x}, y,
                [=, a = lines.axis](const Tensor& dy) { return logcumsumexp_gradient(x, y, dy, a, reverse); });
}

// The transpose runs the other way:  dx_i = dy_i + decay_(i+1) dx_(i+1),  ddecay_i = dx_i y_(i-1).
Tensor linear_recurrence(const Tensor& x, const Tensor& decay, int axis, bool reverse) {
  check_defined("linear_recurrence", x, decay);
  const Along lines = along("linear_recurrence", x, axis);
  if (!(decay.shape() == x.shape()) || decay.dtype() != x.dtype())
    throw Error("linear_recurrence: x and its decay must agree in shape and type: {} and {}", describe(x),
                describe(decay));
  const Tensor dense_x = densify(x), dense_decay = densify(decay);
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  dispatch_float(x.dtype(), "linear_recurrence", [&]<class T>(T) {
    const T *from = dense_x.data<T>(), *keep = dense_decay.data<T>();
    T* to = y.mutable_data<T>();
    run_along<double>(lines.split, reverse, [=](double& total, int64_t at, bool first) {
      const bool starts = first || keep[at] == 0;  // then the past is not looked at, be it infinite
      total = static_cast<double>(from[at]) + (starts ? 0 : static_cast<double>(keep[at]) * total);
      to[at] = static_cast<T>(total);
    });
  });
  return record("linear_recurrence", {x, decay}, y, [=, a = lines.axis](const Tensor& dy, Adjoints& d) {
    const Tensor dx = linear_recurrence(dy, roll(decay, reverse ? 1 : -1, a), a, !reverse);
    d.add(0, dx);
    if (!d.wanted(1)) return;
    const int64_t n = y.size(a);
    std::vector<std::pair<int64_t, int64_t>> one(static_cast<size_t>(y.rank()));  // 0 for the first y_(i-1)
    one[static_cast<size_t>(a)] = reverse ? std::pair(0, 1) : std::pair(1, 0);
    const Tensor before = slice(pad(y, one), a, reverse ? 1 : 0, reverse ? n + 1 : n);
    d.add(1, dx * before);
  });
}

}  // namespace heed
