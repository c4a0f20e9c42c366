// zip without a tape: one lambda over numbers of any type, for functions that have no derivative.
//
//     Tensor smaller = zip_untaped("less", [](auto a, auto b) { return where(a < b, 1, 0); }, x, y);
//
// Operands broadcast and must be of one type, which is also that of the result; nothing is recorded.
#pragma once

#include "autograd/zip/zip.h"

namespace heed {
namespace detail {

struct RowsOfAll {
  RowFunction f32, f64, i64;  // null: numbers of this type are refused
};
Tensor apply_untaped(const char* name, const RowsOfAll& rows, const void* object, std::span<const Tensor* const> x);

inline namespace HEED_WIDTH {
template <class T, class F, size_t In>
constexpr RowFunction untaped_row = &map_row<T, In, 1, Evaluate<F, In, 1>>;
}  // namespace HEED_WIDTH

}  // namespace detail

// The number c as a tensor of x's type, to be met with x; `name` is the operation's, for messages. An Error
// if x holds whole numbers and c is none.
Tensor scalar_like(const char* name, const Tensor& x, double c);

inline namespace HEED_WIDTH {

// f applied element by element, for one result.
template <class F, class... Ts>
Tensor zip_untaped(const char* name, F f, const Tensor& first, const Ts&... more) {
  detail::check_function<F, Tensor, Ts...>();
  constexpr size_t In = 1 + sizeof...(Ts);
  const Tensor* const x[] = {&first, &more...};
  const detail::RowsOfAll rows{detail::untaped_row<float, F, In>, detail::untaped_row<double, F, In>,
                               detail::untaped_row<int64_t, F, In>};
  return detail::apply_untaped(name, rows, &f, x);
}
// The same for whole numbers (i64) alone.
template <class F, class... Ts>
Tensor zip_whole(const char* name, F f, const Tensor& first, const Ts&... more) {
  detail::check_function<F, Tensor, Ts...>();
  constexpr size_t In = 1 + sizeof...(Ts);
  const Tensor* const x[] = {&first, &more...};
  return detail::apply_untaped(name, {nullptr, nullptr, detail::untaped_row<int64_t, F, In>}, &f, x);
}

}  // namespace HEED_WIDTH
}  // namespace heed
