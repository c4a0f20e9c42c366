// zip: an elementwise operation is one generic lambda.
//
//     Tensor y = zip([](auto a, auto b) { return tanh(a + b); }, a, b);
//     auto [h, c] = zip("lstm", [](auto i, auto f, ..) { ..; return std::tuple(h, c); }, i, f, ..);
//
// The lambda is compiled three times. On SIMD vectors it is the forward pass. On dual numbers (dual.h), one direction for each
// input, it gives all partial derivatives, and with them the backward pass: forward mode inside reverse mode. On duals of
// duals it gives the second derivative, the backward pass of the backward pass. So a whole gate of a recurrent
// network is one pass over memory forward and one backward, with exact derivatives that nobody had to write.
//
// Operands broadcast. A lambda may capture constants; it must not depend on anything else that is differentiated.
#pragma once

#include <tuple>

#include "autograd/dual.h"
#include "autograd/map.h"
#include "autograd/record.h"
#include "autograd/shape_ops.h"

namespace heed {
namespace detail {

template <class R>
struct ResultCount : std::integral_constant<size_t, 1> {};
template <class... Rs>
struct ResultCount<std::tuple<Rs...>> : std::integral_constant<size_t, sizeof...(Rs)> {};

// Calls f with the elements of an array or tuple and hands its one or several results to `put(index, value)`.
template <class F, class X, class Put>
HEED_INLINE void call(const F& f, const X& x, Put put) {
  const auto results = std::apply(f, x);
  using R = std::remove_const_t<decltype(results)>;
  if constexpr (requires { std::tuple_size<R>::value; }) {
    [&]<size_t... O>(std::index_sequence<O...>) { (put(O, std::get<O>(results)), ...); }(
        std::make_index_sequence<std::tuple_size_v<R>>{});
  } else {
    put(0, results);
  }
}

// Duals of the values of a function's inputs, input i changing along direction i.
template <class V, size_t In>
HEED_INLINE auto as_inputs(const V* values) {
  static_assert(In < 31, "zip: too many operands to differentiate");
  return [&]<size_t... I>(std::index_sequence<I...>) {
    return std::tuple([&] {
      Dual<V, 1 << I> x(values[I]);
      x.partial[0] = V(1.0);
      return x;
    }()...);
  }(std::make_index_sequence<In>{});
}

// x -> f(x)
template <class F, size_t In, size_t Out>
struct Evaluate {
  F f;
  template <class V>
  void operator()(const std::array<V, In>& x, std::array<V, Out>& y) const {
    call(f, x, [&](size_t o, const auto& value) { y[o] = V(value); });
  }
};

// (dy, x) -> dx with  dx_i = sum_o dy_o df_o/dx_i
template <class F, size_t In, size_t Out>
struct Gradient {
  F f;
  template <class V>
  void operator()(const std::array<V, Out + In>& from, std::array<V, In>& dx) const {
    dx.fill(V(0.0));
    call(f, as_inputs<V, In>(from.data() + Out), [&]<class R>(size_t o, const R& y) {
      if constexpr (directions<R> > 0)  // else a constant
        R::each_direction([&]<int i>() { dx[i] = dx[i] + from[o] * y.template slope<i>(); });
    });
  }
};

// The transpose of Gradient's Jacobian: with S = sum_i u_i dx_i, which is the derivative of f along u weighted by dy,
// (u, dy, x) -> (dS/ddy, dS/dx):   dS/ddy_o = D_u f_o,   dS/dx_j = sum_o dy_o D_u df_o/dx_j
template <class F, size_t In, size_t Out>
struct SecondGradient {
  F f;
  template <class V>
  void operator()(const std::array<V, In + Out + In>& from, std::array<V, Out + In>& to) const {
    using Along = Dual<V, 1>;  // carries the derivative along u
    std::array<Along, In> x;
    for (size_t i = 0; i < In; ++i) {
      x[i] = Along(from[In + Out + i]);
      x[i].partial[0] = from[i];
    }
    to.fill(V(0.0));
    call(f, as_inputs<Along, In>(x.data()), [&]<class R>(size_t o, const R& y) {
      if constexpr (directions<R> > 0) {
        to[o] = y.value.partial[0];
        R::each_direction([&]<int i>() { to[Out + i] = to[Out + i] + from[In + o] * y.template slope<i>().partial[0]; });
      }
    });
  }
};

// Shapes must broadcast, types must agree. Returns the common shape.
Shape common_shape(const char* name, std::span<const Tensor* const> inputs);

// Whether the memory between the first and last number of one lies in that of the other; whether they are the same
// places in the same order.
bool share_memory(const Tensor& a, const Tensor& b);
bool steps_alike(const Tensor& a, const Tensor& b);

// A kernel whose outputs are the gradients of the node's inputs 0, 1, ..: summed right where they belong. `like` are those
// inputs; `out` is room for as many tensors.
void run_into(const Rows& rows, const void* kernel, const Shape& shape, std::span<const Tensor* const> in,
              Adjoints& adjoints, std::span<const Tensor* const> like, std::span<Tensor> out);

// The upstream gradients with zeros for undefined ones, and with the axis that zip_sum has summed away.
void complete_upstream(std::span<Tensor> upstream, bool summed, DType dtype);

// Makes the outputs y and runs the kernel on x. With Write::add the last axis is summed.
void evaluate(const Rows& rows, const void* kernel, const Shape& shape, std::span<const Tensor* const> x,
              std::span<Tensor> y, std::span<const Write> how);

// Pointers to all tensors of some arrays, one array after the other.
template <class... Arrays>
auto pointers(const Arrays&... arrays) {
  std::array<const Tensor*, (std::tuple_size_v<Arrays> + ...)> all{};
  auto to = all.begin();
  ([&] { for (const Tensor& t : arrays) *to++ = &t; }(), ...);
  return all;
}

// The backward pass as an operation of its own, for when it is recorded: dx_i of the common shape.
template <class F, size_t In, size_t Out>
std::array<Tensor, In> recorded_gradient(const F& f, const Shape& shape, const std::array<Tensor, Out>& dy,
                                         const std::array<Tensor, In>& x) {
  std::array<Tensor, Out + In> in;
  std::copy(x.begin(), x.end(), std::copy(dy.begin(), dy.end(), in.begin()));
  std::array<Tensor, In> dx;
  std::array<Write, In> how;
  how.fill(Write::store);
  for (Tensor& t : dx) t = Tensor::empty(shape, x[0].dtype());
  const Gradient<F, In, Out> kernel{f};
  run_rows(rows_of<Gradient<F, In, Out>, Out + In, In>, &kernel, shape, pointers(in), dx, how);
  record("gradient of zip", in, std::span<Tensor>(dx), [f, shape, in](std::span<Tensor> u, Adjoints& adjoints) {
    if (recording()) throw Error("zip: third derivatives are not supported");
    complete_upstream(u, false, in[0].dtype());
    std::array<Tensor, In> upstream;
    std::move(u.begin(), u.end(), upstream.begin());
    std::array<Tensor, Out + In> out;
    const SecondGradient<F, In, Out> kernel{f};
    run_into(rows_of<SecondGradient<F, In, Out>, In + Out + In, Out + In>, &kernel, shape, pointers(upstream, in),
             adjoints, pointers(in), out);
  });
  return dx;
}

template <class F, size_t In, size_t Out>
struct ZipPullback {
  F f;
  Shape shape;
  bool summed;  // the last axis was summed: zip_sum
  std::array<Tensor, In> x;

  void operator()(std::span<Tensor> upstream, Adjoints& adjoints) const {
    complete_upstream(upstream, summed, x[0].dtype());
    std::array<Tensor, Out> dy;
    std::move(upstream.begin(), upstream.end(), dy.begin());
    if (!recording()) {
      std::array<Tensor, In> out;
      const Gradient<F, In, Out> kernel{f};
      run_into(rows_of<Gradient<F, In, Out>, Out + In, In>, &kernel, shape, pointers(dy, x), adjoints, pointers(x),
               out);
      return;
    }
    const std::array<Tensor, In> dx = recorded_gradient<F, In, Out>(f, shape, dy, x);
    for (size_t i = 0; i < In; ++i)
      if (adjoints.wanted(static_cast<int>(i))) adjoints.add(static_cast<int>(i), sum_to(dx[i], x[i].shape()));
  }
};

// f(x) by itself, not recorded.
template <class F, class... Ts>
Tensor unrecorded(const char* name, const F& f, const Ts&... xs) {
  constexpr size_t In = sizeof...(Ts);
  const Tensor* const x[] = {&xs...};
  std::array<Tensor, 1> y;
  const Write how[] = {Write::store};
  const Evaluate<F, In, 1> kernel{f};
  evaluate(rows_of<Evaluate<F, In, 1>, In, 1>, &kernel, common_shape(name, x), x, y, how);
  return std::move(y[0]);
}

template <class>
using VecFor = Vec<float>;

template <class F, class... Ts>
auto zip_apply(const char* name, bool summed, const F& f, const Ts&... xs) {
  constexpr size_t In = sizeof...(Ts);
  constexpr size_t Out = ResultCount<std::invoke_result_t<const F&, VecFor<Ts>...>>::value;
  const Tensor* const x[] = {&xs...};
  const Shape shape = common_shape(name, x);
  std::array<Tensor, Out> y;
  std::array<Write, Out> how;
  how.fill(summed ? Write::add : Write::store);
  const Evaluate<F, In, Out> kernel{f};
  evaluate(rows_of<Evaluate<F, In, Out>, In, Out>, &kernel, shape, x, y, how);
  if (recording()) {
    const auto saved = [](const auto& pullback) { return std::span<const Tensor>(pullback.x); };
    record_saved(name, saved, std::span<Tensor>(y), ZipPullback<F, In, Out>{f, shape, summed, {xs...}});
  }
  if constexpr (Out == 1)
    return std::move(y[0]);
  else
    return y;
}

}  // namespace detail

// f applied element by element. One result gives a Tensor, a std::tuple of results an array of Tensors.
template <class F, class... Ts>
auto zip(const char* name, F f, const Tensor& first, const Ts&... more) {
  return detail::zip_apply(name, false, f, first, more...);
}
template <class F, class... Ts>
  requires(!std::is_convertible_v<F, const char*>)
auto zip(F f, const Tensor& first, const Ts&... more) {
  return detail::zip_apply("zip", false, f, first, more...);
}

// y = f(x) for a function whose derivative is known from its value, dy/dx = slope(y), so that x need not be kept and f not be
// computed again. tanh: slope(y) = 1 - y^2.
template <class F, class Slope>
Tensor zip_by_value(const char* name, F f, Slope slope, const Tensor& x) {
  Tensor y = detail::unrecorded(name, f, x);
  if (!recording()) return y;
  const auto pull = [slope](auto upstream, auto value) { return upstream * slope(value); };
  return record(name, {x}, y, [pull, y](const Tensor& dy, Adjoints& d) {
    if (recording()) return d.add(0, zip("gradient", pull, dy, y));
    using Kernel = detail::Evaluate<decltype(pull), 2, 1>;
    const Kernel kernel{pull};
    const Tensor* const in[] = {&dy, &y};
    const Tensor* const like[] = {&y};
    Tensor out[1];
    detail::run_into(rows_of<Kernel, 2, 1>, &kernel, y.shape(), in, d, like, out);
  });
}

// f applied element by element and summed over the last axis as it goes: nothing of the full shape is stored.
//     additive attention:  zip_sum([](auto v, auto q, auto k) { return v * tanh(q + k); }, v, query, keys)
template <class F, class... Ts>
auto zip_sum(const char* name, F f, const Tensor& first, const Ts&... more) {
  return detail::zip_apply(name, true, f, first, more...);
}

}  // namespace heed
