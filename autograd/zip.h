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

// Calls f with the first In elements of an array and hands its one or several results to `put(index, value)`.
template <size_t In, class F, class X, class Put>
void call(const F& f, const X* x, Put put) {
  const auto results = [&]<size_t... I>(std::index_sequence<I...>) { return f(x[I]...); }(std::make_index_sequence<In>{});
  using R = std::remove_const_t<decltype(results)>;
  if constexpr (std::is_convertible_v<R, X>) {
    put(0, X(results));
  } else {
    [&]<size_t... O>(std::index_sequence<O...>) { (put(O, X(std::get<O>(results))), ...); }(
        std::make_index_sequence<ResultCount<R>::value>{});
  }
}

// x -> f(x)
template <class F, size_t In, size_t Out>
struct Evaluate {
  F f;
  template <class V>
  void operator()(const std::array<V, In>& x, std::array<V, Out>& y) const {
    call<In>(f, x.data(), [&](size_t o, V value) { y[o] = value; });
  }
};

// (dy, x) -> dx with  dx_i = sum_o dy_o df_o/dx_i
template <class F, size_t In, size_t Out>
struct Gradient {
  F f;
  template <class V>
  void operator()(const std::array<V, Out + In>& from, std::array<V, In>& dx) const {
    using D = Dual<V, int(In)>;
    D x[In];
    for (size_t i = 0; i < In; ++i) {
      x[i] = D(from[Out + i]);
      x[i].partial[i] = V(1.0);
      dx[i] = V(0.0);
    }
    call<In>(f, x, [&](size_t o, const D& y) {
      for (size_t i = 0; i < In; ++i) dx[i] = dx[i] + from[o] * y.partial[i];
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
    using D = Dual<Along, int(In)>;
    D x[In];
    for (size_t i = 0; i < In; ++i) {
      Along value(from[In + Out + i]);
      value.partial[0] = from[i];
      x[i] = D(value);
      x[i].partial[i] = Along(V(1.0));
      to[Out + i] = V(0.0);
    }
    call<In>(f, x, [&](size_t o, const D& y) {
      to[o] = y.value.partial[0];
      for (size_t i = 0; i < In; ++i) to[Out + i] = to[Out + i] + from[In + o] * y.partial[i].partial[0];
    });
  }
};

// Shapes must broadcast, types must agree. Returns the common shape.
Shape common_shape(const char* name, std::span<const Tensor> inputs);

// Whether the memory between the first and last number of one lies in that of the other; whether they are the same
// places in the same order.
bool share_memory(const Tensor& a, const Tensor& b);
bool steps_alike(const Tensor& a, const Tensor& b);

// A kernel whose outputs are the gradients of the node's inputs 0, 1, ..: summed right where they belong. `like` are those
// inputs; undefined ones are left out.
void run_into(const Rows& rows, const void* kernel, const Shape& shape, std::span<Tensor> in, Adjoints& adjoints,
              std::span<const Tensor> like);

// The upstream gradients with zeros for undefined ones, and with the axis that zip_sum has summed away.
void complete_upstream(std::span<Tensor> upstream, bool summed, DType dtype);

// Fresh outputs, and how the kernel sees them: with `summed`, the last axis of `shape` is there with stride 0.
void make_outputs(const Shape& shape, bool summed, DType dtype, std::span<Tensor> y, std::span<Tensor> written);

template <size_t A, size_t B>
std::array<Tensor, A + B> join(const std::array<Tensor, A>& a, const std::array<Tensor, B>& b) {
  std::array<Tensor, A + B> all;
  std::copy(a.begin(), a.end(), all.begin());
  std::copy(b.begin(), b.end(), all.begin() + A);
  return all;
}

// The backward pass as an operation of its own, for when it is recorded: dx_i of the common shape.
template <class F, size_t In, size_t Out>
std::array<Tensor, In> recorded_gradient(const F& f, const Shape& shape, const std::array<Tensor, Out>& dy,
                                         const std::array<Tensor, In>& x) {
  std::array<Tensor, Out + In> in = join(dy, x);
  std::array<Tensor, In> dx;
  std::array<Write, In> how;
  how.fill(Write::store);
  for (Tensor& t : dx) t = Tensor::empty(shape, x[0].dtype());
  std::array<Tensor, Out + In> operands = in;
  const Gradient<F, In, Out> kernel{f};
  run_rows(rows_of<Gradient<F, In, Out>, Out + In, In>, &kernel, shape, operands, dx, how);
  record("gradient of zip", in, std::span<Tensor>(dx), [f, shape, in](std::span<Tensor> u, Adjoints& adjoints) {
    if (recording()) throw Error("zip: third derivatives are not supported");
    complete_upstream(u, false, in[0].dtype());
    std::array<Tensor, In> upstream;
    std::copy(u.begin(), u.end(), upstream.begin());
    std::array<Tensor, In + Out + In> operands = join(upstream, in);
    const SecondGradient<F, In, Out> kernel{f};
    run_into(rows_of<SecondGradient<F, In, Out>, In + Out + In, Out + In>, &kernel, shape, operands, adjoints, in);
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
    std::copy(upstream.begin(), upstream.end(), dy.begin());
    if (!recording()) {
      std::array<Tensor, Out + In> operands = join(dy, x);
      const Gradient<F, In, Out> kernel{f};
      run_into(rows_of<Gradient<F, In, Out>, Out + In, In>, &kernel, shape, operands, adjoints, x);
      return;
    }
    const std::array<Tensor, In> dx = recorded_gradient<F, In, Out>(f, shape, dy, x);
    for (size_t i = 0; i < In; ++i)
      if (adjoints.wanted(static_cast<int>(i))) adjoints.add(static_cast<int>(i), sum_to(dx[i], x[i].shape()));
  }
};

template <class>
using VecFor = Vec<float>;

template <class F, class... Ts>
auto zip_apply(const char* name, bool summed, const F& f, const Ts&... xs) {
  constexpr size_t In = sizeof...(Ts);
  constexpr size_t Out = ResultCount<std::invoke_result_t<const F&, VecFor<Ts>...>>::value;
  std::array<Tensor, In> x{xs...};
  const Shape shape = common_shape(name, x);
  std::array<Tensor, Out> y, written;
  std::array<Write, Out> how;
  how.fill(summed ? Write::add : Write::store);
  make_outputs(shape, summed, x[0].dtype(), y, written);
  std::array<Tensor, In> operands = x;
  const Evaluate<F, In, Out> kernel{f};
  run_rows(rows_of<Evaluate<F, In, Out>, In, Out>, &kernel, shape, operands, written, how);
  if (recording()) record(name, x, std::span<Tensor>(y), ZipPullback<F, In, Out>{f, shape, summed, x});
  if constexpr (Out == 1)
    return y[0];
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

// f applied element by element and summed over the last axis as it goes: nothing of the full shape is stored.
//     additive attention:  zip_sum([](auto v, auto q, auto k) { return v * tanh(q + k); }, v, query, keys)
template <class F, class... Ts>
auto zip_sum(const char* name, F f, const Tensor& first, const Ts&... more) {
  return detail::zip_apply(name, true, f, first, more...);
}

}  // namespace heed
