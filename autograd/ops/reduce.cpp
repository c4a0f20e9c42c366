#include "autograd/ops/reduce.h"

#include <cmath>
#include <limits>

#include "autograd/ops/axis_set.h"
#include "autograd/ops/extrema.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Long sums are cut into blocks whose totals are added in double, so that float sums lose no digits to their
// length.
template <class T>
T sum_row(const T* x, int64_t n) {
  constexpr int64_t block = 64 * Vec<T>::width;
  std::conditional_t<std::is_integral_v<T>, T, double> total = 0;
  for (int64_t j = 0; j < n; j += block)
    total += sum_registers<T>(std::min(block, n - j), [&](auto at) { return at.load(x + j); });
  return static_cast<T>(total);
}

// y[c] (+)= sum_k x[k, c] for K rows: few enough to stream side by side, and their tree
// of additions is shallow.
template <int K, class T>
void add_rows(T* y, const T* x, int64_t inner, bool first) {
  using V = Vec<T>;
  const auto sum_at = [&](auto at) {
    V rows[K];
    for (int k = 0; k < K; ++k) rows[k] = at.load(x + k * inner);
    for (int k = K; k > 1; k /= 2)
      for (int i = 0; i < k / 2; ++i) rows[i] = rows[i] + rows[i + k / 2];
    at.store(y, first ? rows[0] : at.load(y) + rows[0]);
  };
  each_register<T>(0, inner, sum_at);
}

template <class T>
void sum_some_columns(T* y, const T* x, int64_t n, int64_t inner) {
  if (n == 0) std::fill_n(y, inner, T(0));
  int64_t k = 0;
  for (; k + 8 <= n; k += 8) add_rows<8>(y, x + k * inner, inner, k == 0);
  for (; k < n; ++k) add_rows<1>(y, x + k * inner, inner, k == 0);
}

// Long columns, like long rows: the totals of blocks are added in double.
template <class T>
void sum_columns(T* y, const T* x, int64_t n, int64_t inner) {
  constexpr int64_t block = 512;
  if (n <= block || std::is_integral_v<T>) return sum_some_columns(y, x, n, inner);
  std::vector<double> totals(static_cast<size_t>(inner), 0);
  for (int64_t k = 0; k < n; k += block) {
    sum_some_columns(y, x + k * inner, std::min(block, n - k), inner);
    for (int64_t c = 0; c < inner; ++c) totals[static_cast<size_t>(c)] += static_cast<double>(y[c]);
  }
  for (int64_t c = 0; c < inner; ++c) y[c] = static_cast<T>(totals[static_cast<size_t>(c)]);
}

void sum_kernel(const Tensor& from, const Split& split, Tensor& to) {
  dispatch_any(from.dtype(), [&]<class T>(T) {
    const T* x = from.data<T>();
    T* y = to.mutable_data<T>();
    for (int64_t o = 0; o < split.outer; ++o) {
      const T* block = x + o * split.n * split.inner;
      if (split.inner == 1) y[o] = sum_row(block, split.n);
      else sum_columns(y + o * split.inner, block, split.n, split.inner);
    }
  });
}

void logsumexp_kernel(const Tensor& from, const Split& split, Tensor& to) {
  dispatch_float(from.dtype(), "logsumexp", [&]<class T>(T) {
    const T* x = from.data<T>();
    T* y = to.mutable_data<T>();
    for_each_line<T>(split, [&](auto line) {
      const auto [shift, log_sum] = lines::shift_and_log_sum<T>(line, [&](auto at) { return at.load(x); });
      line.put(y, shift + log_sum);
    });
  });
}

// The slope of the p-norm: sign(x) (|x| / norm)^(p-1), and 0 where the norm is 0.
Tensor norm_gradient(double p, const Tensor& x, const Tensor& y, const Tensor& dy) {
  if (p == 2)
    return zip(
        "gradient of norm", [](auto a, auto n, auto g) { return where(n == 0.0, 0.0, a / n * g); }, x, y, dy);
  return zip(
      "gradient of norm",
      [p](auto a, auto n, auto g) {
        const auto slope = pow(abs(a) / n, p - 1) * g;
        return where(n == 0.0, 0.0, where(a < 0.0, -slope, slope));
      },
      x, y, dy);
}

Tensor plain_norm(const Tensor& x, double p, const Axes& axes, bool keep) {
  return p == 2 ? sqrt(sum(square(x), axes, keep)) : pow(sum(pow(abs(x), p), axes, keep), 1 / p);
}

// Of numbers whose powers may be too large or too small for their type: in units of the largest.
Tensor scaled_norm(const Tensor& x, double p, const Axes& axes, bool keep) {
  const Tensor unit = zip(
      "unit of norm", [](auto top) { return where(top > 0.0, where(top < kInfinity, top, 1.0), 1.0); },
      amax(abs(x), axes, true));
  const Tensor y = plain_norm(x / unit, p, axes, keep);
  return y * reshape(unit, y.shape());
}

// Whether powers of the numbers behind these norms may have left the range of their type.
bool far_from_one(const Tensor& norms, double p) {
  const double most =
      norms.dtype() == DType::f32 ? double{std::numeric_limits<float>::max()} : std::numeric_limits<double>::max();
  const double far = std::pow(most, 1 / (2 * p));
  for (const double y : norms.to_vector())
    if (y > far || y < 1 / far) return true;
  return false;
}

}  // namespace

Tensor sum(const Tensor& x, const Axes& axes, bool keep) {
  const AxisSet set = axis_set(x, axes, "sum");
  Tensor y = reduce_groups(x, set, keep, sum_kernel);
  return record("sum", {x}, y,
                [kept = set.kept, shape = x.shape()](const Tensor& dy) { return expand(reshape(dy, kept), shape); });
}

Tensor mean(const Tensor& x, const Axes& axes, bool keep) {
  const AxisSet set = axis_set(x, axes, "mean");
  dispatch_float(x.dtype(), "mean", [](auto) {});  // whole numbers have no mean of their type
  if (set.count == 0) throw Error("mean: {} has no elements along these axes, so it has no mean", describe(x));
  return div(sum(x, axes, keep), static_cast<double>(set.count));
}

Tensor var(const Tensor& x, const Axes& axes, bool keep, double correction) {
  const AxisSet set = axis_set(x, axes, "var");
  dispatch_float(x.dtype(), "var", [](auto) {});
  const double divisor = static_cast<double>(set.count) - correction;
  if (divisor <= 0)
    throw Error("var: {} elements along the axes of {} are too few for correction {}", set.count, describe(x),
                correction);
  return div(sum(square(x - mean(x, axes, true)), axes, keep), divisor);
}

Tensor logsumexp(const Tensor& x, const Axes& axes, bool keep) {
  const AxisSet set = axis_set(x, axes, "logsumexp");
  Tensor y = reduce_groups(x, set, keep, logsumexp_kernel);
  return record("logsumexp", {x}, y, [x, y, kept = set.kept](const Tensor& dy) {
    return zip(
        "gradient of logsumexp", [](auto a, auto l, auto g) { return where(l == -kInfinity, 0.0, exp(a - l) * g); },
        x, reshape(y, kept), reshape(dy, kept));
  });
}

Tensor norm(const Tensor& x, double p, const Axes& axes, bool keep) {
  check_defined("norm", x);
  if (!is_float(x.dtype())) throw Error("norm: wants f32 or f64, got {}", describe(x));
  if (!(p >= 1)) throw Error("norm: p must be at least 1, or infinity, not {}", p);
  const AxisSet set = axis_set(x, axes, "norm");
  if (p == 1) return sum(abs(x), axes, keep);
  if (std::isinf(p)) return amax(abs(x), axes, keep);
  Tensor y;
  {
    const Untaped guard;
    y = plain_norm(x, p, axes, keep);
    if (set.count > 0 && far_from_one(y, p)) y = scaled_norm(x, p, axes, keep);
  }
  return record("norm", {x}, y, [x, y, p, kept = set.kept](const Tensor& dy) {
    return norm_gradient(p, x, reshape(y, kept), reshape(dy, kept));
  });
}

Tensor sum_to(const Tensor& x, const Shape& shape) {
  check_defined("sum_to", x);
  if (x.shape() == shape) return x;
  if (!(broadcast(shape, x.shape(), "sum_to") == x.shape()))
    throw Error("sum_to: {} does not broadcast to {}", to_string(shape), describe(x));
  std::vector<int> axes;
  for (int i = 0; i < x.rank(); ++i) {
    const int mine = i - (x.rank() - shape.rank());
    if (mine < 0 || (shape[mine] == 1 && x.shape()[i] != 1)) axes.push_back(i);
  }
  return reshape(sum(x, axes, true), shape);
}

}  // namespace heed
