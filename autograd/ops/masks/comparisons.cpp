#include "autograd/ops/masks/comparisons.h"

#include "autograd/zip/elementwise.h"
#include "autograd/zip/untaped.h"

namespace heed {
namespace {

// f gives lanes that hold or do not.
template <class F, class... Ts>
Tensor mask_where(const char* name, F f, const Ts&... xs) {
  return to(zip_untaped(
                name, [f](auto... v) { return where(f(v...), 1, 0); }, xs...),
            DType::i64);
}

}  // namespace

Tensor equal(const Tensor& a, const Tensor& b) {
  return mask_where(
      "equal", [](auto x, auto y) { return x == y; }, a, b);
}
Tensor not_equal(const Tensor& a, const Tensor& b) {
  return mask_where(
      "not_equal", [](auto x, auto y) { return x != y; }, a, b);
}
Tensor less(const Tensor& a, const Tensor& b) {
  return mask_where(
      "less", [](auto x, auto y) { return x < y; }, a, b);
}
Tensor less_equal(const Tensor& a, const Tensor& b) {
  return mask_where(
      "less_equal", [](auto x, auto y) { return x <= y; }, a, b);
}
Tensor greater(const Tensor& a, const Tensor& b) {
  return mask_where(
      "greater", [](auto x, auto y) { return x > y; }, a, b);
}
Tensor greater_equal(const Tensor& a, const Tensor& b) {
  return mask_where(
      "greater_equal", [](auto x, auto y) { return x >= y; }, a, b);
}

Tensor equal(const Tensor& a, double c) { return equal(a, scalar_like("equal", a, c)); }
Tensor not_equal(const Tensor& a, double c) { return not_equal(a, scalar_like("not_equal", a, c)); }
Tensor less(const Tensor& a, double c) { return less(a, scalar_like("less", a, c)); }
Tensor less_equal(const Tensor& a, double c) { return less_equal(a, scalar_like("less_equal", a, c)); }
Tensor greater(const Tensor& a, double c) { return greater(a, scalar_like("greater", a, c)); }
Tensor greater_equal(const Tensor& a, double c) { return greater_equal(a, scalar_like("greater_equal", a, c)); }

// x - x is 0 unless x is infinite or NaN.
Tensor isnan(const Tensor& x) {
  return mask_where(
      "isnan", [](auto v) { return v != v; }, x);
}
Tensor isinf(const Tensor& x) {
  return mask_where(
      "isinf", [](auto v) { return (v == v) & (v - v != 0); }, x);
}
Tensor isfinite(const Tensor& x) {
  return mask_where(
      "isfinite", [](auto v) { return v - v == 0; }, x);
}

}  // namespace heed
