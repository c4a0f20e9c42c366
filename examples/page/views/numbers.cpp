#include "examples/page/views/numbers.h"

#include <algorithm>
#include <cmath>

namespace heed::page {

Json number(double x) {
  if (!std::isfinite(x)) return nullptr;
  if (x == 0) return 0;
  const double digits = 4 - std::floor(std::log10(std::abs(x)));
  if (digits > 300) return 0;  // too small for five digits
  // Divided by a power of ten that is exact, the result is the nearest number to its five digits.
  const double scale = std::pow(10, std::abs(digits));
  return digits >= 0 ? std::round(x * scale) / scale : std::round(x / scale) * scale;
}

Json numbers(const Tensor& x, int64_t most) {
  Json list = Json::array();
  const std::vector<double> all = x.to_vector();
  for (size_t i = 0; i < all.size() && static_cast<int64_t>(i) < most; ++i) list.push_back(number(all[i]));
  return list;
}

}  // namespace heed::page
