#include "nn/layers/layer_norm.h"

#include <cmath>

#include "autograd/base/simd.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/record.h"
#include "autograd/zip/elementwise.h"

namespace heed {
namespace {

// A loop over a row, written once for vectors and for the rest: f gets at(p), the numbers of p
// at the current place.
template <class T, class F>
T sum_row(int64_t n, F f) {
  using V = Vec<T>;
  V total(T(0));
  T rest = 0;
  int64_t j = 0;
  for (; j + V::width <= n; j += V::width) total += f([j](const T* p) { return V::load(p + j); });
  for (; j < n; ++j) rest += f([j](const T* p) { return p[j]; });
  return total.sum() + rest;
}
template <class T, class F>
void map_row(T* to, int64_t n, F f) {
  using V = Vec<T>;
  int64_t j = 0;
  for (; j + V::width <= n; j += V::width) f([j](const T* p) { return V::load(p + j); }).store(to + j);
  for (; j < n; ++j) to[j] = f([j](const T* p) { return p[j]; });
}

struct RowSizes {
  int64_t rows, features;
};

RowSizes check(const Tensor& x, const Shape& normalized, const Tensor& weight, const Tensor& bias) {
  const int outer = x.rank() - normalized.rank();
  bool fits = outer >= 0 && normalized.rank() > 0;
  for (int i = 0; fits && i < normalized.rank(); ++i) fits = x.shape()[outer + i] == normalized[i];
  if (!fits)
    throw Error("layer_norm: {} does not end in the normalized shape {}", describe(x), to_string(normalized));
  for (const Tensor* p : {&weight, &bias})
    if (*p && (!(p->shape() == normalized) || p->dtype() != x.dtype()))
      throw Error("layer_norm: the parameter {} should be {} {}, as {} is normalized over that shape",
                  describe(*p), to_string(x.dtype()), to_string(normalized), describe(x));
  const int64_t features = normalized.numel();
  return {features == 0 ? 0 : x.numel() / features, features};
}

// Rows of (mean, 1/sd) go to `stats` [rows, 2].
template <class T>
void forward(RowSizes n, const T* x, const T* weight, const T* bias, T eps, T* y, T* stats) {
  const T count = static_cast<T>(n.features);
  for (int64_t r = 0; r < n.rows; ++r, x += n.features, y += n.features, stats += 2) {
    const T mean = sum_row<T>(n.features, [&](auto at) { return at(x); }) / count;
    const T square = sum_row<T>(n.features, [&](auto at) { return (at(x) - mean) * (at(x) - mean); });
    const T scale = 1 / std::sqrt(square / count + eps);
    stats[0] = mean, stats[1] = scale;
    if (weight && bias)
      map_row(y, n.features, [&](auto at) { return (at(x) - mean) * scale * at(weight) + at(bias); });
    else
      map_row(y, n.features, [&](auto at) { return (at(x) - mean) * scale; });
    if (weight && !bias) map_row(y, n.features, [&](auto at) { return at(y) * at(weight); });
    if (bias && !weight) map_row(y, n.features, [&](auto at) { return at(y) + at(bias); });
  }
}

// dx where it is not null; dw and db, where not null, are added to.
template <class T>
void backward(RowSizes n, const T* dy, const T* x, const T* weight, const T* stats, T* dx, T* dw, T* db) {
  const T count = static_cast<T>(n.features);
  Tensor buffer = Tensor::empty({n.features}, dtype_of<T>);
  T* scaled = buffer.mutable_data<T>();
  for (int64_t r = 0; r < n.rows; ++r, dy += n.features, x += n.features, stats += 2) {
    const T mean = stats[0], scale = stats[1];
    if (dw) map_row(dw, n.features, [&](auto at) { return at(dw) + at(dy) * ((at(x) - mean) * scale); });
    if (db) map_row(db, n.features, [&](auto at) { return at(db) + at(dy); });
    if (!dx) continue;
    const T* g = weight ? scaled : dy;
    if (weight) map_row(scaled, n.features, [&](auto at) { return at(dy) * at(weight); });
    const T shift = sum_row<T>(n.features, [&](auto at) { return at(g); }) / count;
    const T stretch = sum_row<T>(n.features, [&](auto at) { return at(g) * (at(x) - mean); }) * scale / count;
    map_row(dx, n.features,
            [&](auto at) { return scale * (at(g) - shift - (at(x) - mean) * scale * stretch); });
    dx += n.features;
  }
}

Axes last_axes(int count) {
  Axes axes;
  for (int i = 0; i < count; ++i) axes.push_back(i - count);
  return axes;
}

struct Normalized {
  Tensor x, scale;  // (x - mu) / sd, 1 / sd
};
Normalized normalize(const Tensor& x, const Axes& axes, double eps) {
  const Tensor centred = x - mean(x, axes, true);
  const Tensor scale = reciprocal(sqrt(mean(square(centred), axes, true) + eps));
  return {centred * scale, scale};
}

struct Pullback {
  RowSizes n;
  int axes;
  double eps;
  Tensor x, weight, stats;
  int bias_input;  // its number among the inputs, -1: none
  Tensor bias;

  void operator()(const Tensor& dy, Adjoints& d) const {
    if (recording()) return recorded(dy, d);
    dispatch_float(x.dtype(), "layer_norm", [&](auto zero) {
      using T = decltype(zero);
      Tensor dx = d.wanted(0) ? Tensor::empty(x.shape(), x.dtype()) : Tensor();
      Tensor dw = weight && d.wanted(1) ? Tensor::zeros(weight.shape(), x.dtype()) : Tensor();
      Tensor db = bias && d.wanted(bias_input) ? Tensor::zeros(bias.shape(), x.dtype()) : Tensor();
      const auto numbers = [](Tensor& t) { return t ? t.mutable_data<T>() : nullptr; };
      const Tensor upstream = densify(dy), input = densify(x), scales = weight ? densify(weight) : Tensor();
      backward<T>(n, upstream.data<T>(), input.data<T>(), scales ? scales.data<T>() : nullptr,
                  stats.data<T>(), numbers(dx), numbers(dw), numbers(db));
      if (dx) d.add(0, std::move(dx));
      if (dw) d.add(1, std::move(dw));
      if (db) d.add(bias_input, std::move(db));
    });
  }

  void recorded(const Tensor& dy, Adjoints& d) const {
    const Axes over = last_axes(axes);
    const Normalized of_x = normalize(x, over, eps);
    const Tensor g = weight ? dy * weight : dy;
    if (d.wanted(0)) d.add(0, of_x.scale * (g - mean(g, over, true) - of_x.x * mean(g * of_x.x, over, true)));
    if (weight && d.wanted(1)) d.add(1, sum_to(dy * of_x.x, weight.shape()));
    if (bias && d.wanted(bias_input)) d.add(bias_input, sum_to(dy, bias.shape()));
  }
};

}  // namespace

Tensor layer_norm(const Tensor& x, const Shape& normalized, const Tensor& weight, const Tensor& bias,
                  double eps) {
  const RowSizes n = check(x, normalized, weight, bias);
  Tensor y = Tensor::empty(x.shape(), x.dtype()), stats = Tensor::empty({n.rows, 2}, x.dtype());
  dispatch_float(x.dtype(), "layer_norm", [&](auto zero) {
    using T = decltype(zero);
    const Tensor input = densify(x), scale = weight ? densify(weight) : Tensor(),
                 shift = bias ? densify(bias) : Tensor();
    forward<T>(n, input.data<T>(), scale ? scale.data<T>() : nullptr, shift ? shift.data<T>() : nullptr,
               static_cast<T>(eps), y.mutable_data<T>(), stats.mutable_data<T>());
  });
  if (!recording()) return y;
  Tensor inputs[3] = {x};
  int count = 1;
  if (weight) inputs[count++] = weight;
  if (bias) inputs[count++] = bias;
  record("layer_norm", std::span<const Tensor>(inputs, static_cast<size_t>(count)), std::span<Tensor>(&y, 1),
         Pullback{n, normalized.rank(), eps, x, weight, stats, bias ? count - 1 : -1, bias});
  return y;
}

Tensor layer_norm_plain(const Tensor& x, const Shape& normalized, const Tensor& weight, const Tensor& bias,
                        double eps) {
  check(x, normalized, weight, bias);
  Tensor y = normalize(x, last_axes(normalized.rank()), eps).x;
  if (weight) y = y * weight;
  return bias ? y + bias : y;
}

}  // namespace heed
