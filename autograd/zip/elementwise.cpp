#include "autograd/zip/elementwise.h"

#include "autograd/zip/untaped.h"
#include "autograd/zip/zip.h"

namespace heed {
namespace {

// Whole numbers (i64) are reckoned by the same lambda, without a gradient.
bool is_whole(const Tensor& x) { return x && x.dtype() == DType::i64; }

void check_quotient(const Tensor& x) {
  if (is_whole(x))
    throw Error("div: floor_divide() divides whole numbers, or to() makes floats of them; got {}", describe(x));
}

// Zeros and ones as x has its numbers. Of a mask of floats every number but 0 is a one, were it too small for that type.
Tensor as_mask(const Tensor& mask, DType dtype) {
  if (!is_float(mask.dtype()) || mask.dtype() == dtype) return to(mask, dtype);
  const Untaped guard;
  return to(zip(
                "mask", [](auto m) { return where(m == 0, 0, decltype(m)(1)); }, mask),
            dtype);
}

template <class F, class... Ts>
Tensor zip_any(const char* name, F f, const Tensor& first, const Ts&... more) {
  return is_whole(first) ? zip_whole(name, f, first, more...) : zip(name, f, first, more...);
}

}  // namespace

// A sum hands its gradient on as it is: nothing is saved, and for the first operand nothing computed.
Tensor add(const Tensor& a, const Tensor& b) {
  const auto total = [](auto u, auto v) { return u + v; };
  if (is_whole(a)) return zip_whole("add", total, a, b);
  Tensor y = detail::unrecorded("add", total, a, b);
  if (!recording()) return y;
  return record("add", {a, b}, std::move(y), [](Tensor& dy, Adjoints& d) {
    d.add_broadcast(1, dy);
    d.add_broadcast(0, std::move(dy));
  });
}
Tensor sub(const Tensor& a, const Tensor& b) {
  return zip_any(
      "sub", [](auto x, auto y) { return x - y; }, a, b);
}
Tensor mul(const Tensor& a, const Tensor& b) {
  return zip_any(
      "mul", [](auto x, auto y) { return x * y; }, a, b);
}
Tensor div(const Tensor& a, const Tensor& b) {
  check_quotient(a);
  check_quotient(b);
  return zip(
      "div", [](auto x, auto y) { return x / y; }, a, b);
}
Tensor pow(const Tensor& a, const Tensor& b) {
  return zip(
      "pow", [](auto x, auto y) { return pow(x, y); }, a, b);
}
Tensor maximum(const Tensor& a, const Tensor& b) {
  return zip_any(
      "maximum", [](auto x, auto y) { return maximum(x, y); }, a, b);
}
Tensor minimum(const Tensor& a, const Tensor& b) {
  return zip_any(
      "minimum", [](auto x, auto y) { return minimum(x, y); }, a, b);
}
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  check_defined("where", condition, a, b);
  const auto choose = [](auto c, auto x, auto y) { return where(c == 0, y, x); };
  return zip_any("where", choose, as_mask(condition, a.dtype()), a, b);
}
Tensor masked_fill(const Tensor& x, const Tensor& mask, double value) {
  check_defined("masked_fill", x, mask);
  if (is_whole(x))
    return composed("masked_fill", [&] { return where(mask, scalar_like("masked_fill", x, value), x); });
  const auto fill = [value](auto m, auto v) { return where(m == 0, v, value); };
  return zip("masked_fill", fill, as_mask(mask, x.dtype()), x);
}

Tensor pow(const Tensor& x, double exponent) {
  return zip(
      "pow", [exponent](auto v) { return pow(v, exponent); }, x);
}
Tensor add(const Tensor& x, double c) {
  if (is_whole(x)) return add(x, scalar_like("add", x, c));
  return zip(
      "add", [c](auto v) { return v + c; }, x);
}
Tensor mul(const Tensor& x, double c) {
  if (is_whole(x)) return mul(x, scalar_like("mul", x, c));
  return zip(
      "mul", [c](auto v) { return v * c; }, x);
}

Tensor div(const Tensor& x, double c) {  // not times 1/c, which is rounded, or infinite
  check_quotient(x);
  return zip(
      "div", [c](auto v) { return v / c; }, x);
}

Tensor to(const Tensor& x, DType dtype) {
  check_defined("to", x);
  if (x.dtype() == dtype) return x;
  const Tensor y = copy_of(x, dtype);
  if (!is_float(dtype) || !is_float(x.dtype())) return y;
  return record("to", {x}, y, [from = x.dtype()](const Tensor& dy) { return to(dy, from); });
}

// --- functions of one number
Tensor neg(const Tensor& x) {
  return zip_any(
      "neg", [](auto v) { return -v; }, x);
}
Tensor exp(const Tensor& x) {
  return zip_by_value(
      "exp", [](auto v) { return exp(v); }, [](auto y) { return y; }, x);
}
Tensor log(const Tensor& x) {
  return zip(
      "log", [](auto v) { return log(v); }, x);
}
Tensor sqrt(const Tensor& x) {
  return zip(
      "sqrt", [](auto v) { return sqrt(v); }, x);
}
Tensor tanh(const Tensor& x) {
  return zip_by_value(
      "tanh", [](auto v) { return tanh(v); }, [](auto y) { return 1 - y * y; }, x);
}
Tensor sigmoid(const Tensor& x) {
  return zip_by_value(
      "sigmoid", [](auto v) { return sigmoid(v); }, [](auto y) { return y * (1 - y); }, x);
}
Tensor abs(const Tensor& x) {
  return zip(
      "abs", [](auto v) { return abs(v); }, x);
}
Tensor square(const Tensor& x) {
  return zip_any(
      "square", [](auto v) { return v * v; }, x);
}
Tensor reciprocal(const Tensor& x) {
  return zip(
      "reciprocal", [](auto v) { return 1 / v; }, x);
}
Tensor sin(const Tensor& x) {
  return zip(
      "sin", [](auto v) { return sin(v); }, x);
}
Tensor cos(const Tensor& x) {
  return zip(
      "cos", [](auto v) { return cos(v); }, x);
}
Tensor clamp(const Tensor& x, double low, double high) {
  if (!(low <= high)) throw Error("clamp: the bounds {} and {} leave nothing between them", low, high);
  return zip(
      "clamp", [low, high](auto v) { return where(v < low, low, where(v > high, high, v)); }, x);
}

}  // namespace heed
