#include "nn/layers/layer_norm.h"

#include <cmath>

#include "autograd/kernels/registers.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/record.h"
#include "autograd/zip/elementwise.h"

namespace heed {
namespace {

// to_j = f(at) for all numbers of a row.
template <class T, class F>
void map_row(T* to, int64_t n, F f) {
  each_register<T>(0, n, [&](auto at) { at.store(to, f(at)); });
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
    const T mean = sum_registers<T>(n.features, [&](auto at) { return at.load(x); }) / count;
    const T square = sum_registers<T>(n.features, [&](auto at) { return (at.load(x) - mean) * (at.load(x) - mean); });
    const T scale = 1 / std::sqrt(square / count + eps);
    stats[0] = mean, stats[1] = scale;
    if (weight && bias)
      map_row(y, n.features, [&](auto at) { return (at.load(x) - mean) * scale * at.load(weight) + at.load(bias); });
    else
      map_row(y, n.features, [&](auto at) { return (at.load(x) - mean) * scale; });
    if (weight && !bias) map_row(y, n.features, [&](auto at) { return at.load(y) * at.load(weight); });
    if (bias && !weight) map_row(y, n.features, [&](auto at) { return at.load(y) + at.load(bias); });
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
    if (dw) map_row(dw, n.features, [&](auto at) { return at.load(dw) + at.load(dy) * ((at.load(x) - mean) * scale); });
    if (db) map_row(db, n.features, [&](auto at) { return at.load(db) + at.load(dy); });
    if (!dx) continue;
    const T* g = weight ? scaled : dy;
    if (weight) map_row(scaled, n.features, [&](auto at) { return at.load(dy) * at.load(weight); });
    const T shift = sum_registers<T>(n.features, [&](auto at) { return at.load(g); }) / count;
    const T stretch = sum_registers<T>(n.features, [&](auto at) { return at.load(g) * (at.load(x) - mean); }) * scale / count;
    map_row(dx, n.features,
            [&](auto at) { return scale * (at.load(g) - shift - (at.load(x) - mean) * scale * stretch); });
    dx += n.features;
  }
}

// What both kernels work on, dense.
struct Saved {
  RowSizes n;
  Tensor x, weight, bias, stats;
};

void backward(const Saved& s, const Tensor& dy, InPlace& d) {
  dispatch_float(s.x.dtype(), "layer_norm", [&]<class T>(T) {
    Tensor dx = d.wanted(0) ? Tensor::empty(s.x.shape(), s.x.dtype()) : Tensor();
    Tensor dw = d.wanted(1) ? Tensor::zeros(s.weight.shape(), s.x.dtype()) : Tensor();
    Tensor db = d.wanted(2) ? Tensor::zeros(s.bias.shape(), s.x.dtype()) : Tensor();
    const auto numbers = [](Tensor& t) { return t ? t.mutable_data<T>() : nullptr; };
    const Tensor upstream = densify(dy);
    backward<T>(s.n, upstream.data<T>(), s.x.data<T>(), s.weight ? s.weight.data<T>() : nullptr, s.stats.data<T>(),
                numbers(dx), numbers(dw), numbers(db));
    d.add(0, std::move(dx));
    d.add(1, std::move(dw));
    d.add(2, std::move(db));
  });
}

}  // namespace

Tensor layer_norm(const Tensor& x, const Shape& normalized, const Tensor& weight, const Tensor& bias,
                  double eps) {
  const auto dense = [](const Tensor& t) { return t ? densify(t) : t; };
  Saved s{check(x, normalized, weight, bias), dense(x), dense(weight), dense(bias), {}};
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  s.stats = Tensor::empty({s.n.rows, 2}, x.dtype());
  dispatch_float(x.dtype(), "layer_norm", [&]<class T>(T) {
    forward<T>(s.n, s.x.data<T>(), weight ? s.weight.data<T>() : nullptr, bias ? s.bias.data<T>() : nullptr,
               static_cast<T>(eps), y.mutable_data<T>(), s.stats.mutable_data<T>());
  });
  const auto definition = [normalized, eps](const Tensor& a, const Tensor& w, const Tensor& b) {
    return layer_norm_plain(a, normalized, w, b, eps);
  };
  return record("layer_norm", {x, weight, bias}, y, by_definition(definition, std::array{x, weight, bias}),
                [s](const Tensor& dy, InPlace& d) { backward(s, dy, d); });
}

Tensor layer_norm_plain(const Tensor& x, const Shape& normalized, const Tensor& weight, const Tensor& bias,
                        double eps) {
  check(x, normalized, weight, bias);
  Axes axes;
  for (int i = 0; i < normalized.rank(); ++i) axes.push_back(i - normalized.rank());
  const Tensor centred = x - mean(x, axes, true);
  Tensor y = centred / sqrt(mean(square(centred), axes, true) + eps);
  if (weight) y = y * weight;
  return bias ? y + bias : y;
}

}  // namespace heed
