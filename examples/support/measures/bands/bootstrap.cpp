#include "examples/support/measures/bands/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace heed::support {

Band band_of(std::vector<double> figures) {
  figures.erase(std::remove_if(figures.begin(), figures.end(), [](double x) { return std::isnan(x); }),
                figures.end());
  constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  if (figures.empty()) return {nothing, nothing};
  std::sort(figures.begin(), figures.end());
  const size_t outside = figures.size() / 40;
  return {figures[outside], figures[figures.size() - 1 - outside]};
}

Difference difference_of(double value, const std::vector<double>& drawn) {
  double sum = 0;
  int64_t count = 0, as_large = 0;
  for (const double x : drawn) {
    if (std::isnan(x)) continue;
    sum += x;
    ++count;
  }
  const double mean = sum / static_cast<double>(std::max<int64_t>(count, 1));
  for (const double x : drawn) as_large += std::abs(x - mean) >= std::abs(value);
  return {value, band_of(drawn), static_cast<double>(as_large + 1) / static_cast<double>(count + 1)};
}

}  // namespace heed::support
