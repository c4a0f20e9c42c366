#include "autograd/zip/integers.h"

#include <algorithm>

#include "autograd/zip/untaped.h"

namespace heed {
namespace {

void check_divisor(const char* name, const Tensor& a, const Tensor& b) {
  if (!b || b.dtype() != DType::i64) return;  // zip_whole says what is wrong
  const Tensor dense = densify(b);
  const int64_t* const first = dense.data<int64_t>();
  const int64_t* const zero = std::find(first, first + dense.numel(), 0);
  if (zero != first + dense.numel())
    throw Error("{}: division by zero: {} by {}, which is 0 at {}", name, describe(a), describe(b),
                position(zero - first, b.shape()));
}

// The quotient rounded down. -1 is not divided by: the processor stops at the lowest number by -1.
constexpr auto quotient = [](auto a, auto b) {
  const auto divisor = where(b == -1, 1, b);
  const auto truncated = a / divisor;
  const auto rest = a - truncated * divisor;
  const auto turned = (rest != 0) & (((rest < 0) & (divisor > 0)) | ((rest > 0) & (divisor < 0)));
  return where(b == -1, -a, truncated - where(turned, 1, 0));
};

}  // namespace

Tensor floor_divide(const Tensor& a, const Tensor& b) {
  check_divisor("floor_divide", a, b);
  return zip_whole("floor_divide", quotient, a, b);
}
Tensor remainder(const Tensor& a, const Tensor& b) {
  check_divisor("remainder", a, b);
  return zip_whole(
      "remainder", [](auto x, auto y) { return x - quotient(x, y) * y; }, a, b);
}

Tensor floor_divide(const Tensor& a, int64_t b) { return floor_divide(a, Tensor::from(std::vector{b}, {})); }
Tensor remainder(const Tensor& a, int64_t b) { return remainder(a, Tensor::from(std::vector{b}, {})); }

}  // namespace heed
