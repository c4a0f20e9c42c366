// Every loop over registers that a header can bring into a program, instantiated once. names.sh compiles this
// for two widths of a register and compares the names.
#include "autograd/kernels/product/bf16.h"
#include "autograd/kernels/product/panels.h"
#include "autograd/kernels/product/product_tile.h"
#include "autograd/kernels/registers.h"
#include "autograd/kernels/transpose_block.h"
#include "autograd/kernels/winograd_maps.h"
#include "autograd/ops/axis_set.h"
#include "autograd/zip/activations.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/untaped.h"
#include "autograd/zip/zip.h"
#include "nn/attention/rows/row_loops.h"
#include "nn/layers/dropout.h"
#include "nn/losses/cross_entropy_kernel.h"
#include "optim/gradient_descent.h"

namespace heed {

struct Momentum : Optimizer {
  explicit Momentum(const Parameters& parameters) : Optimizer(parameters, 0.1, {"velocity"}) {}
  void update() override {
    each([rate = learning_rate](auto& p, auto g, auto& velocity) {
      velocity = 0.9 * velocity + g;
      p = p - rate * velocity;
    });
  }
};

// Inline, for its lambdas to have names that other sources can share.
inline std::array<Tensor, 2> table(const Tensor& x) {
  return zip(
      [](auto t) {
        const auto even = exp(abs(t)) + sqrt(maximum(t, t * t)) + cos(t) + erf(t) + pow(t, 2 + 0 * t);
        return std::tuple(even, log1p(sigmoid(t)) + log(minimum(t, 1 + t)) + tanh(t) + sin(t) / t);
      },
      x);
}
inline Tensor tables(const Tensor& x) {
  const Tensor y = zip_by_value(
      "one", [](auto t) { return tanh(t); }, [](auto t) { return 1 - t * t; }, x);
  return zip_sum(
             "two", [](auto s, auto t) { return where(s < t, s, t); }, table(x)[0], y) +
         detail::unrecorded(
             "three", [](auto s) { return s; }, x) +
         zip_untaped(
             "four", [](auto s, auto t) { return where(s < t, 1, 0); }, x, y) +
         to(zip_whole(
                "five", [](auto s) { return s / (s * s + 1); }, to(x, DType::i64)),
            DType::f32) +
         relu(gelu(leaky_relu(softplus(gelu_tanh(x)), 0.1)));
}

template <class T>
static void kernels(T* to, const T* from, int64_t n) {
  for_each_line<T>(Split{n, n, n}, [&](auto line) {
    const auto [shift, log_sum] = lines::shift_and_log_sum<T>(line, [&](auto at) { return at.load(from); });
    line.put(to, shift + log_sum + line.min(shift));
  });
  detail::row_gradient(to, from, from, n, detail::sum_exponentials(from, n).shift, *from, *from, true);
  rows::add_weighted_rows(to, from, from, &n, n, n);
  rows::add_scaled(to, rows::dot(from, from, n) + rows::score(from, from, from, n), from, n);
  rows::score_backward(*from, from, from, from, to, to, to, n);
  add_row(to, from, n);
  transpose_into(to, n, from, n, n, n);
  multiply_panel<true, Single<T>>(n, Tile<T>{n, from, n, 1, from, kWide<T>, to, n, n, false});
  fill_panels(to, from, n, n, n, n);
  if constexpr (sizeof(T) == sizeof(float)) to_bf16(Vec<T>::load(from)).store(to);
  winograd::map_both_ways<winograd::InputPoints>(reinterpret_cast<Vec<T>*>(to),
                                                 reinterpret_cast<const Vec<T>*>(from));
}

Tensor all(Momentum& optimizer, const Gradients& gradients, Tensor& x) {
  kernels(x.mutable_data<float>(), x.data<float>(), x.numel());
  kernels(x.mutable_data<double>(), x.data<double>(), x.numel());
  optimizer.step(gradients);
  return tables(x);
}

}  // namespace heed
