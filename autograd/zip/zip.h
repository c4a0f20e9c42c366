// zip: an elementwise operation is one generic lambda.
//
//     Tensor y = zip([](auto a, auto b) { return tanh(a + b); }, a, b);
//     auto [h, c] = zip("lstm", [](auto i, auto f, ..) { ..; return std::tuple(h, c); }, i, f, ..);
//
// The lambda is compiled three times. On SIMD vectors it is the forward pass. On dual numbers (dual.h), one
// direction for each input, it gives all partial derivatives, and with them the backward pass: forward mode
// inside reverse mode. On duals of duals it gives the second derivative, the backward pass of the backward
// pass. So a whole gate of a recurrent network is one pass over memory forward and one backward, with exact
// derivatives that nobody had to write.
//
// Operands broadcast. A lambda may capture constants; it must not depend on anything
// else that is differentiated.
#pragma once

#include <tuple>

#include "autograd/kernels/map.h"
#include "autograd/tape/record.h"
#include "autograd/zip/dual.h"

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
    [&]<size_t... O>(std::index_sequence<O...>) { (put(O, std::get<O>(results)), ...); }
    (std::make_index_sequence<std::tuple_size_v<R>>{});
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
  }
  (std::make_index_sequence<In>{});
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
      if constexpr (directions < R >> 0)  // else a constant
        R::each_direction([&]<int i>() { dx[i] = dx[i] + times<R::chosen>(from[o], y.template slope<i>()); });
    });
  }
};

// The transpose of Gradient's Jacobian: with S = sum_i u_i dx_i, which is the derivative of f along u
// weighted by dy, (u, dy, x) -> (dS/ddy, dS/dx):   dS/ddy_o = D_u f_o,   dS/dx_j = sum_o dy_o D_u df_o/dx_j
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
      if constexpr (directions < R >> 0) {
        to[o] = y.value.partial[0];
        R::each_direction([&]<int i>() {
          to[Out + i] = to[Out + i] + times<R::chosen>(from[In + o], y.template slope<i>().partial[0]);
        });
      }
    });
  }
};

// A function of numbers as zip.cpp sees it: what is compiled anew for it, and no more.
struct ZipFunction {
  Rows value, gradient, second;  // the loops of Evaluate, Gradient, SecondGradient
  int in, out;                   // how many numbers it takes and gives
  size_t bytes;                  // of the function object, which holds what a lambda has captured
};
inline namespace HEED_WIDTH {
template <class F, size_t In, size_t Out>
constexpr ZipFunction zip_function{rows_of<Evaluate<F, In, Out>, In, Out>,
                                   rows_of<Gradient<F, In, Out>, Out + In, In>,
                                   rows_of<SecondGradient<F, In, Out>, In + Out + In, Out + In>,
                                   In,
                                   Out,
                                   sizeof(F)};
}  // namespace HEED_WIDTH

// y = f(x), recorded. `object` is the function object; with Write::add the last axis is summed.
void apply(const char* name, const ZipFunction& f, const void* object, std::span<const Tensor* const> x,
           std::span<Tensor> y, Write how);
// The same for y = f(x) whose gradient is pull(dy, y).
Tensor apply_by_value(const char* name, const Rows& f, const void* f_object, const ZipFunction& pull,
                      const void* pull_object, const Tensor& x);
// f(x) by itself, not recorded.
Tensor value_of(const char* name, const Rows& f, const void* object, std::span<const Tensor* const> x);

inline namespace HEED_WIDTH {

template <class>
using VecFor = Vec<float>;

// Ts: the operands.
template <class F, class... Ts>
constexpr void check_function() {
  static_assert(std::is_trivially_copyable_v<F> && alignof(F) <= 16,
                "zip: a function may capture numbers, by value; tensors are operands");
  static_assert(std::is_invocable_v<const F&, VecFor<Ts>...>,
                "zip: a function takes one number for each tensor, and its numbers are registers: "
                "write abs(x), exp(x), maximum(a, b) without std::, which knows single numbers only");
}

template <class F, class... Ts>
Tensor unrecorded(const char* name, const F& f, const Ts&... xs) {
  check_function<F, Ts...>();
  const Tensor* const x[] = {&xs...};
  return value_of(name, rows_of<Evaluate<F, sizeof...(Ts), 1>, sizeof...(Ts), 1>, &f, x);
}

template <class F, class... Ts>
auto zip_apply(const char* name, Write how, const F& f, const Ts&... xs) {
  check_function<F, Ts...>();
  constexpr size_t In = sizeof...(Ts);
  constexpr size_t Out = ResultCount<std::invoke_result_t<const F&, VecFor<Ts>...>>::value;
  const Tensor* const x[] = {&xs...};
  std::array<Tensor, Out> y;
  apply(name, zip_function<F, In, Out>, &f, x, y, how);
  if constexpr (Out == 1) return std::move(y[0]);
  else return y;
}

}  // namespace HEED_WIDTH
}  // namespace detail

inline namespace HEED_WIDTH {

// f applied element by element. One result gives a Tensor, a std::tuple of results an array of Tensors.
template <class F, class... Ts>
auto zip(const char* name, F f, const Tensor& first, const Ts&... more) {
  return detail::zip_apply(name, Write::store, f, first, more...);
}
template <class F, class... Ts>
requires(!std::is_convertible_v<F, const char*>) auto zip(F f, const Tensor& first, const Ts&... more) {
  return detail::zip_apply("zip", Write::store, f, first, more...);
}

// y = f(x) for a function whose derivative is known from its value, dy/dx = slope(y), so that x need not be
// kept and f not be computed again. tanh: slope(y) = 1 - y^2.
template <class F, class Slope>
Tensor zip_by_value(const char* name, F f, Slope slope, const Tensor& x) {
  const auto pull = [slope](auto dy, auto y) { return dy * slope(y); };
  detail::check_function<F, Tensor>();
  detail::check_function<decltype(pull), Tensor, Tensor>();
  return detail::apply_by_value(name, rows_of<detail::Evaluate<F, 1, 1>, 1, 1>, &f,
                                detail::zip_function<decltype(pull), 2, 1>, &pull, x);
}

// f applied element by element and summed over the last axis as it goes: nothing of the full shape is stored.
//     additive attention:  zip_sum([](auto v, auto q, auto k) { return v * tanh(q + k); }, v, query, keys)
template <class F, class... Ts>
auto zip_sum(const char* name, F f, const Tensor& first, const Ts&... more) {
  return detail::zip_apply(name, Write::add, f, first, more...);
}

}  // namespace HEED_WIDTH

}  // namespace heed
